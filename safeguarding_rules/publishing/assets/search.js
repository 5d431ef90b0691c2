// Finds parts of packs by words, in the index that lies beside this file. Everything shown is set as text, never as markup.
(function () {
  "use strict";
  var most = 60;
  var box = document.getElementById("search");
  var state = document.getElementById("search-state");
  var list = document.getElementById("search-results");

  function plain(text) {
    return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  }

  function score(entry, words) {
    var title = plain(entry.title + " " + entry.name);
    var text = plain(entry.text);
    var total = 0;
    for (var i = 0; i < words.length; i += 1) {
      if (title.indexOf(words[i]) >= 0) {
        total += 3;
      } else if (text.indexOf(words[i]) >= 0) {
        total += 1;
      } else {
        return 0;
      }
    }
    return total;
  }

  function item(entry) {
    var line = document.createElement("li");
    var link = document.createElement("a");
    link.href = entry.url;
    link.textContent = entry.title;
    var about = document.createElement("span");
    about.className = "about";
    about.textContent = entry.kind + " · " + entry.pack + (entry.standing ? " (" + entry.standing + ")" : "");
    var text = document.createElement("p");
    text.textContent = entry.text.slice(0, 240);
    line.append(link, " ", about, text);
    return line;
  }

  function search() {
    var words = plain(box.value).split(/\s+/).filter(Boolean);
    list.replaceChildren();
    if (!words.length) {
      return;
    }
    var found = window.searchIndex
      .map(function (entry) { return [score(entry, words), entry]; })
      .filter(function (pair) { return pair[0] > 0; })
      .sort(function (a, b) { return !!a[1].standing - !!b[1].standing || b[0] - a[0]; });  // what is in force comes first
    found.slice(0, most).forEach(function (pair) { list.append(item(pair[1])); });
    var words_for = found.length === 0 ? "none" : found.length > most ? "many" : "found";
    state.textContent = state.dataset[words_for].replace("#", String(found.length));
  }

  box.value = new URLSearchParams(window.location.search).get("q") || "";
  box.addEventListener("input", search);
  search();
})();
