"""Names of invented people."""

GIVEN = [
    "Amina", "Anneli", "Aoife", "Astrid", "Beatriz", "Bogdan", "Camille", "Chiara", "Dagny", "Daniel", "Dilnoza", "Eero",
    "Elif", "Emeka", "Farah", "Feliks", "Fionn", "Gabriela", "Giulia", "Haruki", "Hanna", "Ines", "Ivana", "Jakub", "João",
    "Jomana", "Kaito", "Katarzyna", "Kofi", "Lars", "Leila", "Léa", "Lúcia", "Małgorzata", "Marek", "Mateo", "Mei",
    "Milica", "Nadia", "Ngozi", "Noor", "Óscar", "Olena", "Paweł", "Piotr", "Rania", "Renata", "Rosa", "Samir", "Sanna",
    "Siddharth", "Sofía", "Świetłana", "Tomás", "Uxía", "Valentina", "Wiktor", "Xiomara", "Yara", "Yuki", "Žofia",
    "Zuzanna",
]  # fmt: skip

FAMILY = [
    "Abiodun", "Adeyemi", "Almqvist", "Andrade", "Bąk", "Becker", "Bianchi", "Błaszczyk", "Castellanos", "Černý",
    "Chaudhary", "Costa", "Dąbrowska", "Delacroix", "Diallo", "Dobrev", "Eriksson", "Espinoza", "Fernandes", "Ferreira",
    "Fontaine", "Gálvez", "García", "Gruber", "Haddad", "Halvorsen", "Hashimoto", "Horváth", "Ibáñez", "Ivanova",
    "Jankowski", "Jurić", "Kamara", "Karimov", "Kaya", "Kobayashi", "Kowalczyk", "Kröger", "Laakso", "Lefebvre",
    "Lindqvist", "Łukasik", "Mahlangu", "Mansour", "Moreau", "Müller", "Nakamura", "Nguyen", "Novák", "Nowicka", "Okafor",
    "Olsen", "Ormonde", "Papadakis", "Pawlak", "Pereira", "Petrović", "Quispe", "Ramírez", "Rossi", "Sánchez", "Sato",
    "Schneider", "Silva", "Søndergaard", "Szymańska", "Tanaka", "Torres", "Uzun", "Varga", "Wójcik", "Yamada", "Yılmaz",
    "Zając", "Zhang", "Żurek",
]  # fmt: skip
