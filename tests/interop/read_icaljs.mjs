// Reads calendars with ical.js: one JSON string a line in, one JSON value a line out. Instants are computed with
// the VTIMEZONE of the calendar alone, since ical.js knows no zones of its own.
import { createInterface } from "node:readline";
import ICAL from "ical.js";

// NAME (RFC 7986, 5.1) is not known to ical.js, which leaves the value as written.
ICAL.design.icalendar.property.name = { defaultType: "text" };

function instant(property, zones) {
  if (!property) return "";
  const time = property.getFirstValue();
  if (time.isDate) return time.toString();
  const tzid = property.getFirstParameter("tzid");
  if (!tzid && time.zone !== ICAL.Timezone.utcTimezone) throw new Error(`floating time: ${property.toICALString()}`);
  if (tzid && !zones.has(tzid)) throw new Error(`no VTIMEZONE of ${tzid}`);
  if (tzid) time.zone = zones.get(tzid);
  return time.convertToZone(ICAL.Timezone.utcTimezone).toString();
}

function event(component, zones) {
  const text = (name) => component.getFirstPropertyValue(name)?.toString() ?? "";
  const placed = component.getFirstProperty("x-apple-structured-location");
  return {
    uid: text("uid"),
    sequence: component.getFirstPropertyValue("sequence"),
    summary: text("summary"),
    description: text("description"),
    location: text("location"),
    status: text("status"),
    transp: text("transp"),
    start: instant(component.getFirstProperty("dtstart"), zones),
    end: instant(component.getFirstProperty("dtend"), zones),
    last_modified: instant(component.getFirstProperty("last-modified"), zones),
    categories: component.getAllProperties("categories").flatMap((property) => property.getValues()),
    geo: component.getFirstPropertyValue("geo"),
    url: text("url"),
    map: placed && [placed.getFirstValue(), placed.getFirstParameter("x-title"), placed.getFirstParameter("x-address")],
  };
}

function calendar(text) {
  const parsed = ICAL.parse(text);
  if (parsed[0] !== "vcalendar") throw new Error(`not one calendar: ${parsed[0]}`);
  const root = new ICAL.Component(parsed);
  const zones = new Map();
  for (const component of root.getAllSubcomponents("vtimezone")) {
    const zone = new ICAL.Timezone(component);
    zones.set(zone.tzid, zone);
  }
  const events = root.getAllSubcomponents("vevent").map((component) => event(component, zones));
  return { name: root.getFirstPropertyValue("name"), events };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = calendar(JSON.parse(line));
  } catch (error) {
    answer = { error: String(error.stack ?? error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
