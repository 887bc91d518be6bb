// Lets the browser keep the programme of the congress: <meta name="service-worker" content="address of its script">.
const address = document.querySelector('meta[name="service-worker"]')?.content;
if (address && "serviceWorker" in navigator) {
  const register = () => {
    // Private windows and strict settings refuse: then the programme is read over the network, as before.
    navigator.serviceWorker.register(address).catch(() => {});
  };
  if (document.readyState === "complete") register();
  else addEventListener("load", register);
}
