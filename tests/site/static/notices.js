// Draws the notices from the state that came with the page.
const state = JSON.parse(document.getElementById("__STATE__").textContent);
const place = document.getElementById("__app");
place.innerHTML = `<header class="masthead"><p class="ear">Public notices</p>
  <p class="name"><a href="/">The Ostrand Courier</a></p></header>
  <main class="reading"><h1 class="section-name">Public notices</h1><div class="cards"></div></main>`;
for (const notice of state.props.pageProps.notices) {
  const card = document.createElement("article");
  card.className = "card";
  card.innerHTML = `<h2><a></a></h2><p class="teaser"></p>`;
  card.querySelector("a").href = notice.href;
  card.querySelector("a").textContent = notice.headline;
  card.querySelector("p").textContent = notice.body.short;
  place.querySelector(".cards").append(card);
}
