// Fetches the numbers again every two seconds. Without this file the page reloads by itself.
"use strict";

async function refresh() {
  const shown = document.getElementById("progress");
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("progress");
    if (!fresh || fresh.dataset.moving === "no") {
      location.reload();
      return;
    }
    shown.replaceWith(document.adoptNode(fresh));
    document.title = page.title;
  } catch {
    // The site restarts or the network is away: ask again later.
  }
  setTimeout(refresh, 2000);
}

setTimeout(refresh, 2000);
