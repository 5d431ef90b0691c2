// A page fetches itself again until what it shows is of the last change; the server says the mark of that each second.
new EventSource("/live").onmessage = (change) => {
  const shown = document.getElementById("content");
  if (shown.dataset.seen !== change.data) htmx.trigger(shown, "packs");
};
