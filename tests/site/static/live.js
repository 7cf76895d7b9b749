// Draws the live desk: nothing of it is in the bytes of the page.
const masthead = `<header class="masthead"><p class="ear">Live from the harbour</p>
  <p class="name"><a href="/">The Ostrand Courier</a></p>
  <nav class="sections"><ul><li><a href="/town/">Town</a></li><li><a href="/sport/">Sport</a></li></ul></nav></header>`;

fetch("/api/live").then((answer) => answer.json()).then((stories) => {
  const root = document.getElementById("root");
  root.innerHTML = `${masthead}<main class="reading"><h1 class="section-name">Live</h1><div class="cards"></div></main>`;
  const list = root.querySelector(".cards");
  for (const story of stories) {
    const card = document.createElement("article");
    card.className = "card";
    card.innerHTML = `<h2><a></a></h2><div class="teaser"></div><p class="meta"><time></time></p>`;
    const link = card.querySelector("a");
    link.href = story.url;
    link.textContent = story.headline;
    card.querySelector(".teaser").innerHTML = story.teaser;
    const time = card.querySelector("time");
    time.dateTime = story.time.published;
    time.textContent = new Date(story.time.published).toLocaleString("en-GB");
    list.append(card);
  }
});
