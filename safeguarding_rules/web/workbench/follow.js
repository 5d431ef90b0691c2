// A page fetches itself again until what it shows is of the last change; the server says the mark of that each second.
// Where the server or the pack is not there any more, a notice says so and the answer goes: an old answer must not stand beside new clicks.
const notice = document.createElement("p");
notice.id = "lost";
notice.setAttribute("role", "alert");

let waiting;

function lose(why) {
  clearTimeout(waiting);
  waiting = undefined;
  if (document.body.dataset.lost === why) return;
  notice.textContent = document.querySelector(`meta[name="lost-${why}"]`).content;
  document.body.dataset.lost = why;
  document.body.prepend(notice);
}

function find(why) {
  clearTimeout(waiting);
  waiting = undefined;
  if (document.body.dataset.lost !== why) return;
  delete document.body.dataset.lost;
  notice.remove();
}

const live = new EventSource("/live");
live.onmessage = (change) => {
  find("server");
  const shown = document.getElementById("content");
  if (shown.dataset.seen !== change.data) htmx.trigger(shown, "packs");
};
// A connection that breaks for a moment is made again by the browser, and is not worth a word.
live.onerror = () => (waiting ??= setTimeout(lose, 1500, "server"));

document.addEventListener("htmx:after:request", (event) => {
  const { status } = event.detail.ctx.response;
  if (status === 404) lose("pack");
  else if (status < 400) find("pack");
});
document.addEventListener("htmx:error", (event) => event.detail.ctx && !event.detail.ctx.response && lose("server"));
