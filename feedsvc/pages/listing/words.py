"""Which words of markup and of people tell what a part of a page is for?

Tables only, general for the web: class names are matched word by word (``site-nav``, ``siteNav`` -> site,
nav), labels as the whole text of a short heading or link, in lower case.
"""

from typing import Final

from feedsvc.refine.text import words

# Class or id words of parts in which no article is listed. A part is only believed to be such if it
# holds less than half of the page's links.
NAVIGATION: Final = words(
    "breadcrumb breadcrumbs hamburger masthead megamenu menu menubar mainmenu nav navbar navigation "
    "navi offcanvas pager pagination paginator paging pagenavi sitemap submenu subnav toolbar topbar "
    "topnav skiplink"
)
FOOTERS: Final = words("colophon copyright footer footnav imprint legal sitefooter")
ADS: Final = words(
    "ad ads adbox adslot adunit advert advertise advertisement advertisements advertising advertorial "
    "adwrapper affiliate anzeige anzeigen sponsor sponsored sponsors publicidad publicite reklama reklame"
)
# Modifiers of BEM (``card--sponsored``) that say it of a single card.
SOLD: Final = words("ad advert advertisement advertorial anzeige promoted sponsored werbung")
POPULAR: Final = words(
    "mostcommented mostpopular mostread mostshared mostviewed popular popularity popularposts ranking "
    "rankings topten trending trends meistgelesen"
)
RELATED: Final = words(
    "also recirc recirculation recommendation recommendations recommended related relatedposts similar"
)
ASIDES: Final = words(
    "account calendar comments commentlist cookie cookies consent dialog dropdown facets filter filters "
    "lightbox login modal newsletter overlay paywall popup search searchbox share sharing shariff signin "
    "signup social subscribe subscription subscriptions tagcloud tooltip"
)
SIDES: Final = words("rail sidebar sidebars sidenav")

# Class words on the link itself or just around it: it leads to whom or what the article belongs.
LABELS: Final = words(
    "author authors badge byline category categories cat comment comments eyebrow flag kicker label "
    "overline permalink replies rubric rubrik section tag tags topic topics user username vcard"
)
KICKERS: Final = words(
    "badge category categories cat eyebrow flag icon kicker label overline prefix rubric rubrik section "
    "strapline tag tags topic"
)
HIDDEN: Final = words("sr srOnly sronly visuallyhidden screenreader")
HEADLINES: Final = words("headline hed heading title titel titre titulo titolo tytul nadpis titleline")
NO_HEADLINES: Final = words("block category group list page section sidebar site subtitle sub tag widget")
CARDS: Final = words(
    "article articles artikel card cards entries entry feature hero headline headlines item items lead "
    "list listing nachricht nachrichten news noticia noticias post posts press release releases result "
    "results river stories story summary teaser teasers"
)
SUMMARIES: Final = words(
    "abstract blurb deck dek desc descr description excerpt intro lead lede preview snippet standfirst "
    "subtitle summary teaser text"
)
DATES: Final = words(
    "created date datetime dateline datum day fecha published pubdate data posted time timeago "
    "timestamp updated when"
)
BYLINES: Final = words("author authors auteur autor autore byline contributor verfasser writer")

# What a section is called whose articles are not this page's list.
POPULAR_LABELS: Final = (
    "most read|most popular|most viewed|most shared|most commented|most watched|popular|popular now"
    "|popular posts|popular articles|popular stories|popular news|trending|trending now"
    "|trending stories|trending topics|trending today|what's trending|hot topics|top 5|top 10|top ten"
    "|editors' archive|from the archive|best of the week|meistgelesen|meist gelesen|am meisten gelesen"
    "|meistgelesene artikel|beliebt|beliebte artikel|beliebteste artikel|meistkommentiert|meistgeklickt"
    "|im trend|les plus lus|les plus lues|articles les plus lus|le plus lu|les plus partagés"
    "|les plus commentés|tendances|populaires|articles populaires|lo más leído|lo mas leido"
    "|lo más visto|más leídas|más leídos|más visto|más vistas|más populares|tendencias|populares"
    "|mais lidas|mais lidos|as mais lidas|mais vistas|mais populares|em alta|i più letti|più letti"
    "|più lette|le più lette|i più visti|di tendenza|articoli più letti|meest gelezen|best gelezen"
    "|populair|populaire artikelen|meest bekeken|mest lest|mest læst|mest lästa|mest lästa just nu"
    "|mest sett|populært|populärt|trendar|luetuimmat|suosituimmat|enimloetud|skaitomiausi|lasītākie"
    "|najczęściej czytane|najpopularniejsze|popularne|najchętniej czytane|nejčtenější"
    "|nejčtenější články|najčítanejšie|najčitanije|najbolj brano|legolvasottabb|legnépszerűbb"
    "|cele mai citite|cele mai populare|най-четени|најчитаније|самое читаемое|популярное"
    "|самое популярное|популярные|популярні|найпопулярніше|читають зараз|сейчас читают|в тренде"
    "|δημοφιλή|τα πιο δημοφιλή|πιο διαβασμένα|en çok okunanlar|çok okunanlar|çok okunan|popüler"
    "|trend haberler|الأكثر قراءة|الأكثر مشاهدة|الأكثر شعبية|الاكثر قراءة|הנקראות ביותר|הכי נקראות"
    "|פופולרי|پربازدیدترین|پربازدیدها|محبوب‌ترین|सबसे ज्यादा पढ़ी गई|सबसे लोकप्रिय|लोकप्रिय|ट्रेंडिंग"
    "|ยอดนิยม|ข่าวยอดนิยม|terpopuler|berita terpopuler|populer|trending|đọc nhiều|xem nhiều"
    "|đọc nhiều nhất|tin đọc nhiều|人気記事|人気|ランキング|アクセスランキング|人気ランキング"
    "|よく読まれている記事|많이 본 뉴스|많이 본 기사|인기 기사|인기|인기글|랭킹|热门|热门文章|热门新闻"
    "|热门推荐|排行榜|点击排行|热点排行|阅读排行|最热|熱門|熱門文章|熱門新聞|人氣|人氣文章"
)
AD_LABELS: Final = (
    "advertisement|advertisements|ad|ads|anzeige|anzeigen|werbung|publicité|publicidad|publicidade"
    "|pubblicità|advertentie|annonce|annons|annonse|mainos|reklama|reklam|hirdetés|oglas|reclamă|реклама"
    "|διαφήμιση|إعلان|פרסומת|विज्ञापन|โฆษณา|iklan|quảng cáo|広告|pr|광고|广告|推广|廣告"
)
# The same of an article rather than of a space.
SOLD_LABELS: Final = (
    "sponsored|sponsored content|sponsored post|sponsored article|sponsored story|paid content|paid post"
    "|paid partnership|promoted|promoted content|partner content|from our partners|brand content"
    "|branded content|advertorial|gesponsert|gesponserter beitrag|bezahlter inhalt|contenu sponsorisé"
    "|sponsorisé|article sponsorisé|contenu partenaire|patrocinado|contenido patrocinado|publirreportaje"
    "|conteúdo patrocinado|conteúdo de marca|contenuto sponsorizzato|sponsorizzato|gesponsord"
    "|gesponsorde inhoud|sponset innhold|annonsørinnhold|sponsrat|sponsrat innehåll|sponsoreret"
    "|sponsoreret indhold|kaupallinen yhteistyö|artykuł sponsorowany|materiał partnera"
    "|materiał sponsorowany|komerční sdělení|szponzorált tartalom|на правах рекламы"
    "|спонсорский материал|партнерский материал|партнёрский материал|χορηγούμενο|sponsorlu içerik"
    "|محتوى مدعوم|תוכן ממומן|प्रायोजित|konten bersponsor|スポンサー|赞助内容"
)
SOLD_BY: Final = (
    "sponsored by|paid for by|gesponsert von|sponsorisé par|patrocinado por|sponsorizzato da"
    "|gesponsord door|sponset av|sponsrat av|sponsoreret af"
)
RELATED_LABELS: Final = (
    "related|related articles|related stories|related news|related content|related posts|related topics"
    "|read also|see also|read more about|more on this|more on this story|you may also like"
    "|you might also like|recommended|recommended for you|recommended reading|recommended articles"
    "|don't miss|mehr zum thema|zum thema|lesen sie auch|das könnte sie auch interessieren"
    "|verwandte artikel|ähnliche artikel|empfohlen|à lire aussi|a lire aussi|lire aussi"
    "|sur le même sujet|articles similaires|à lire également|lea también|te puede interesar"
    "|también te puede interesar|noticias relacionadas|relacionados|relacionadas|artículos relacionados"
    "|leia também|leia mais|veja também|notícias relacionadas|leggi anche|articoli correlati|correlati"
    "|potrebbe interessarti|lees ook|gerelateerd|gerelateerde artikelen|les også|læs også|läs också"
    "|läs även|relaterade artiklar|lue myös|czytaj także|czytaj też|zobacz także|zobacz też|powiązane"
    "|čtěte také|související články|související|olvassa el ezt is|kapcsolódó cikkek|citește și"
    "|вижте още|прочитайте також|читайте также|по теме|похожие статьи|рекомендуем|διαβάστε επίσης"
    "|διαβάστε ακόμα|σχετικά άρθρα|ilgili haberler|bunları da beğenebilirsiniz|مقالات ذات صلة|اقرأ أيضا"
    "|اقرأ أيضًا|מאמרים קשורים|כתבות נוספות|مطالب مرتبط|संबंधित खबरें|यह भी पढ़ें|ข่าวที่เกี่ยวข้อง"
    "|baca juga|berita terkait|artikel terkait|tin liên quan|関連記事|おすすめ|おすすめ記事"
    "|あわせて読みたい|관련 기사|관련기사|추천 기사|相关文章|相关新闻|相关阅读|相關文章|相關新聞"
    "|推荐阅读|推薦閱讀|延伸阅读|延伸閱讀|猜你喜欢"
)
OTHER_LABELS: Final = (
    "puzzles|crossword|crosswords|games & puzzles|puzzles & games|horoscope|horoscopes|rätsel|horoskop"
    "|mots croisés|pasatiempos|passatempos|horóscopo|oroscopo|кроссворды|гороскоп"
    "|archives|archive|categories|category|tags|tag cloud|topics|recent comments|latest comments"
    "|blogroll|links|meta|navigation|pages|menu|follow us|follow|newsletter|newsletters|subscribe"
    "|search|filter|filter by|authors|contributors|about|about us|about me|contact|archiv"
    "|archive nach monat|kategorien|schlagwörter|themen|letzte kommentare|neueste kommentare|service"
    "|seiten|catégories|étiquettes|commentaires récents|archivos|categorías|etiquetas"
    "|comentarios recientes|arquivos|categorias|comentários|archivi|categorie|commenti recenti"
    "|archieven|categorieën|arkiv|kategorier|kategorie|ostatnie komentarze|архив|архивы|рубрики"
    "|категории|теги|метки|свежие комментарии|arşiv|kategoriler|etiketler|الأرشيف|التصنيفات|أرشيف"
    "|تصنيفات|カテゴリー|カテゴリ|アーカイブ|タグ|最近のコメント|카테고리|태그|최근 댓글|归档|分类|标签"
    "|分类目录|近期评论|最新评论|友情链接|分類|標籤|彙整"
)

# Links that say only that there is more: they name no article, but lead to one.
MORE_LABELS: Final = (
    "read more|read|more|read on|continue reading|continue|keep reading|read article|read the article"
    "|read full article|read full story|read the full story|full story|full article|read story"
    "|read post|view|view more|view post|view article|view details|details|more details|learn more"
    "|find out more|see more|show more|read now|go|here|link|permalink|click here|open|mehr|weiterlesen"
    "|mehr lesen|mehr erfahren|zum artikel|artikel lesen|weiter|jetzt lesen|details ansehen|lire"
    "|lire la suite|lire plus|en savoir plus|la suite|suite|voir plus|lire l'article|leer más|leer mas"
    "|ver más|más información|seguir leyendo|continuar leyendo|leer|saber más|leia mais|ler mais"
    "|saiba mais|ver mais|continue lendo|leggi|leggi tutto|leggi di più|continua|continua a leggere"
    "|scopri di più|lees meer|lees verder|meer|verder lezen|les mer|læs mere|läs mer|läs hela|lue lisää"
    "|loe edasi|skaityti daugiau|czytaj więcej|czytaj dalej|więcej|czytaj|číst dále|více|celý článek"
    "|čítať viac|viac|bővebben|tovább|elolvasom|citește mai mult|citeste|detalii|още|прочети повече"
    "|виж още|читать|читать далее|читать дальше|подробнее|далее|читати далі|детальніше"
    "|διαβάστε περισσότερα|περισσότερα|devamı|devamını oku|detay|اقرأ المزيد|المزيد|קרא עוד|קראו עוד"
    "|عוד|ادامه مطلب|بیشتر|और पढ़ें|अधिक|อ่านต่อ|อ่านเพิ่มเติม|baca selengkapnya|selengkapnya|xem thêm"
    "|đọc tiếp|chi tiết|続きを読む|もっと見る|詳細|詳しくはこちら|더보기|자세히 보기|자세히|阅读更多"
    "|阅读全文|查看更多|更多|详情|全文|閱讀更多|繼續閱讀|閱讀全文"
)
# Links that belong to the site, not to its news.
SITE_LABELS: Final = (
    "home|homepage|start|about|about us|about me|contact|contact us|imprint|legal|legal notice|privacy"
    "|privacy policy|cookie policy|cookies|terms|terms of use|terms of service|terms and conditions"
    "|accessibility|advertise|advertising|careers|jobs|help|faq|faqs|support|login|log in|sign in"
    "|sign up|register|logout|subscribe|subscriptions|account|my account|search|rss|rss feed|feed|atom"
    "|newsletter|newsletters|sitemap|archive|archives|all|all news|all posts|all articles|next|previous"
    "|prev|older|newer|older posts|newer posts|older entries|next page|previous page|first|last|back"
    "|back to top|top|share|tweet|email|e-mail|print|like|reply|comment|comments|leave a comment"
    "|no comments|hide|save|edit|report|flag|discuss|past|new|show|ask|submit|facebook|twitter"
    "|instagram|youtube|linkedin|github|mastodon|bluesky|telegram|whatsapp|pinterest|tiktok|threads"
    "|reddit|now|projects|resume|cv|portfolio|uses|blogroll|bookshelf|guestbook|colophon|talks|photos"
    "|press|shop|store|donate|english|deutsch|français|español|italiano|português|startseite|über uns"
    "|über mich|kontakt|impressum|datenschutz|agb|anmelden|suche|abo|accueil|à propos|mentions légales"
    "|confidentialité|connexion|recherche|s'abonner|inicio|acerca de|contacto|aviso legal|privacidad"
    "|iniciar sesión|buscar|suscríbete|início|sobre|contato|contacto|política de privacidade|entrar"
    "|chi siamo|contatti|privacy policy|accedi|cerca|over ons|inloggen|zoeken|om oss|om os|logg inn"
    "|log ind|logga in|o nas|zaloguj|szukaj|domů|o nás|přihlásit|kezdőlap|rólunk|kapcsolat|acasă"
    "|despre noi|начало|за нас|контакти|главная|о нас|контакты|войти|поиск|обратная связь|αρχική"
    "|επικοινωνία|anasayfa|hakkımızda|iletişim|giriş|الرئيسية|من نحن|اتصل بنا|تسجيل الدخول|ראשי|צור קשר"
    "|אודות|صفحه اصلی|تماس با ما|درباره ما|होम|संपर्क|หน้าแรก|ติดต่อเรา|beranda|tentang kami|kontak"
    "|trang chủ|liên hệ|ホーム|トップ|お問い合わせ|会社概要|ログイン|홈|로그인|문의|회사소개|首页"
    "|关于我们|联系我们|登录|注册|首頁|關於我們|聯絡我們|登入"
)

NOTHING_HERE: Final = (
    "no results|no articles|no posts|no news|no entries|no items|nothing found|nothing here|no records"
    "|0 results|no stories|there are no|there is nothing|not found any|keine ergebnisse|keine artikel"
    "|keine einträge|keine beiträge|keine treffer|keine meldungen|aucun résultat|aucun article"
    "|aucune actualité|aucune publication|no hay resultados|no hay noticias|no hay artículos"
    "|no se han encontrado|no se encontraron|sin resultados|nenhum resultado|nenhuma notícia"
    "|nenhum artigo|nessun risultato|nessun articolo|nessuna notizia|geen resultaten|geen artikelen"
    "|geen berichten|ingen resultater|ingen artikler|inga resultat|inga artiklar|ei tuloksia"
    "|brak wyników|brak artykułów|brak wpisów|žádné výsledky|žádné články|nincs találat|nincsenek"
    "|niciun rezultat|няма намерени|няма резултати|ничего не найдено|нет результатов|нет новостей"
    "|нічого не знайдено|δεν βρέθηκαν|sonuç bulunamadı|haber bulunamadı|لا توجد نتائج|لا توجد أخبار"
    "|לא נמצאו|نتیجه‌ای یافت نشد|कोई परिणाम नहीं|ไม่พบ|tidak ada hasil|tidak ditemukan|không tìm thấy"
    "|không có kết quả|見つかりませんでした|記事がありません|ありません|검색 결과가 없습니다"
    "|게시물이 없습니다|没有找到|暂无|沒有找到|目前沒有"
)

# First or second word of a path that leads to a list of articles, a person or a form, not to an article.
NO_ARTICLE_PATHS: Final = words(
    "about account ads advertise agb apply arkiv archiv auteur auteurs author authors autor autoren "
    "autores autore by cart categoria columnist columnists journalist journalists reporters team writer "
    "writers categorias category categories categorie contact contributor contributors cookie cookies "
    "cookie-policy datenschutz donate etiqueta etiquetas etiquette faq feed feeds from help impressum "
    "imprint hashtag jobs kategoria kategorie kategorien keyword keywords kontakt label labels legal "
    "login logout member members newsletter newsletters mon-compte people person personas privacy "
    "privacy-policy profil profile profiles register rss rubrik rubrika rubrique search section "
    "sections share shop signin signup schlagwort sitemap staff subscribe subscription subscriptions "
    "tag tagged tags tema temas terms thema themen topic topics user users"
)

# Types of schema.org.
ARTICLES: Final = words(
    "AdvertiserContentArticle AnalysisNewsArticle Article BackgroundNewsArticle BlogPosting "
    "DiscussionForumPosting LiveBlogPosting NewsArticle OpinionNewsArticle PodcastEpisode Report "
    "ReportageNewsArticle ReviewNewsArticle ScholarlyArticle SocialMediaPosting TechArticle"
)
NO_ARTICLES: Final = words(
    "Brand BreadcrumbList ImageObject LocalBusiness Offer Organization Person Place Product "
    "SiteNavigationElement WebPageElement"
)

# Names in the JSON of programs, in the order in which they are believed.
JSON_TITLES: Final = "headline title name heading titel titre titulo"
JSON_LINKS: Final = "url link href permalink canonicalUrl canonical_url webUrl uri path fullUrl"
JSON_DATES: Final = (
    "datePublished publishedAt published_at publishDate publish_date published publishedDate pubDate "
    "date firstPublished firstPublishedAt displayDate created createdAt created_at timestamp dateTime "
    "post_date"
)
JSON_SUMMARIES: Final = "excerpt summary description dek standfirst subtitle teaser lead intro abstract deck"
JSON_IMAGES: Final = (
    "image thumbnail img picture cover coverImage featuredImage heroImage thumbnailUrl imageUrl"
)
JSON_AUTHORS: Final = "author authors byline creator writer"
JSON_WRAPPERS: Final = "node item article post attributes content"

# A link to the next page of a list.
NEXT_LABELS: Final = (
    "next|next page|older|older posts|older entries|older articles|older stories|more|›|»|→|>|nächste"
    "|nächste seite|weiter|ältere beiträge|suivant|page suivante|suivante|siguiente|página siguiente"
    "|próxima|próxima página|seguinte|successivo|avanti|successiva|volgende|neste|næste|nästa|seuraava"
    "|następna|następna strona|dalej|další|ďalej|következő|următoarea|следующая|вперед|вперёд|далее"
    "|наступна|επόμενη|sonraki|التالي|הבא|بعدی|अगला|ถัดไป|berikutnya|selanjutnya|trang sau|tiếp|次へ"
    "|次のページ|次|다음|下一页|下一頁|下页"
)

# Class words of what holds a list of articles.
LISTS: Final = words(
    "articles artikel entries feed list listing meldungen nachrichten news noticias posts press "
    "releases results river stories views"
)
