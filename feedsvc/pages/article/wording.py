"""Which words, in many languages, say that a block is not the article's own text?

Each table is one alternation over several lines, compared in lower case with the beginning of a block, or
with all of it where it says so. What is here is said on pages everywhere: no names of sites. Platforms,
agencies and picture stores are named since any page that shows their things names them.
"""

import re
from typing import Final

_BEGINNING: Final = 200  # characters that are compared
_BUTTON: Final = 40

# "Read also", "related articles", "more on the subject": what follows leads elsewhere.
_READ_ON: Final = r"""
related
|related (?:articles?|stor(?:y|ies)|content|posts?|topics?|links?|news|coverage|reading|videos?|items)
|more (?:on|from|about|in|stories|news|articles|coverage|like)
|read (?:more|next|also|on|full|the full)|also read|see (?:also|more)
|(?:you )?(?:may|might) (?:also )?(?:like|be interested)|recommended
|recommended (?:for you|reading|articles|stories)
|(?:most|also) (?:read|popular|viewed)|further reading|don['’]t miss|up next
|watch(?: now| also|:)|listen(?: now|:)|trending|what to read next|continue reading|keep reading
|in case you missed
|mehr (?:zum thema|zu|von|aus|über|lesen|infos?|informationen|artikel|nachrichten)
|weitere? (?:themen|artikel|infos?|informationen|beiträge|links|meldungen|nachrichten|inhalte)
|lesen sie (?:auch|mehr|hier|weiter|dazu)|lies (?:auch|mehr|hier)|lest (?:auch|hier)
|auch interessant|das könnte (?:sie|dich|euch|ihnen)|passend dazu
|verwandte (?:artikel|themen|beiträge)|ähnliche (?:artikel|beiträge|themen)
|zum thema|weiterlesen|siehe auch|mehr dazu|hier (?:geht es|geht's) (?:zu|weiter)|dazu passend
|themen in diesem artikel|schlagwörter
|(?:à )?lire (?:aussi|également|la suite|plus)|voir (?:aussi|également)
|sur le même (?:sujet|thème)
|articles? (?:liés?|similaires?|associés?|connexes?|recommandés?)
|plus d['’](?:articles|infos?|informations)|à voir(?: aussi)?|vous aimerez
|pour aller plus loin|en savoir plus|notre dossier
|temas? relacionados?|(?:noticias|artículos|notas|contenidos?) relacionad[oa]s?
|(?:lea|lee|leer|ver|vea|mira|mire|le[eé]) (?:también|más|además)
|(?:te|le) (?:puede|podría|recomendamos|puede)|puede (?:leer|interesar)\w*
|más (?:sobre|en|noticias|información)|relacionad[oa]s?|también (?:puedes|puede|te|le)
|sigue leyendo
|(?:leia|veja|confira|saiba|assista|ouça) (?:também|mais|ainda)
|(?:notícias|artigos|matérias|conteúdos?) relacionad[oa]s?|mais (?:sobre|notícias|lidas)
|continua (?:após|depois)
|leggi (?:anche|tutto|di più)|(?:articoli|notizie|contenuti) correlat[ie]|potrebbe interessarti
|(?:ti|vi) (?:potrebbe|potrebbero|può) (?:anche )?interessare|vedi anche|altri articoli
|guarda anche|approfondi(?:sci|menti)
|lees (?:ook|meer|verder)|gerelateerd\w*|meer (?:over|nieuws|van|lezen)|bekijk ook|lees hier
|(?:czytaj|zobacz|przeczytaj|sprawdź|obejrzyj) (?:także|też|również|więcej|dalej)|powiązane
|więcej (?:na|o|z|informacji)|polecamy
|läs (?:också|mer|även|vidare)|læs (?:også|mere)|les (?:også|mer)|relatera[td]\w*|relatert\w*
|mer om|mere om|lue (?:myös|lisää)|aiheeseen liittyv\w*
|čtěte (?:také|též|více)|přečtěte si|související|mohlo by vás|čítajte (?:aj|tiež|viac)
|súvisiace|kapcsolódó\w*|olvass(?:a|on)? (?:el|tovább)|citește (?:și|mai)
|cite[sş]te (?:si|mai)|vezi și|articole similare|pročitajte|povezan\w+
|ilgili (?:haber|içerik|yazı|konu)\w*|ayrıca (?:okuyun|bakınız)|devamını oku
|διαβάστε (?:επίσης|ακόμ[αη]|περισσότερα)
|δείτε (?:επίσης|ακόμ[αη])|σχετικά
|читайте (?:также|ещ[её]|далее|по теме|нас)
|смотрите (?:также|ещ[её])|по теме
|(?:похожие|другие|связанные) (?:статьи|новости|материалы)
|(?:материалы|ещ[её]|новости) по теме
|читать (?:также|далее)|подробнее
|читайте (?:також|ще)|дивіться (?:також|ще)|за темою
|прочетете (?:още|и)|вижте (?:още|и)|прочитајте|свързани
|[إا]قر[أا] (?:أيض[اً]*|المزيد|كذلك)|(?:مواضيع|مقالات|أخبار) ذات صلة|ذات صلة|شاهد أيض[اً]*|للمزيد
|بیشتر بخوانید|مطالب مرتبط|(?:همچنین|بیشتر) بخوانید|اخبار مرتبط|קראו (?:עוד|גם)|כתבות נוספות
|עוד בנושא|מזید پڑھیں|یہ بھی پڑھیں
|(?:यह|ये|इसे) भी (?:पढ़ें|देखें)|और पढ़ें|আরও পড়ুন|மேலும் படிக்க
|(?:baca|lihat|simak) (?:juga|selengkapnya)|(?:artikel|berita) terkait|xem thêm|đọc thêm
|(?:tin|bài) liên quan|อ่านเพิ่มเติม|ข่าวที่เกี่ยวข้อง
|相关(?:阅读|新闻|文章|报道|推荐|链接|主题|专题)|延伸阅读|推荐阅读|更多(?:新闻|精彩|文章|内容)?
|阅读更多|相關(?:閱讀|新聞|文章|報導)|延伸閱讀|推薦閱讀|更多(?:新聞|內容)|看更多|閱讀更多
|点击(?:查看|阅读)|查看更多
|関連(?:記事|ニュース|リンク|情報|動画)|あわせて読みたい|合わせて読みたい|こちらも
|おすすめ(?:記事)?|人気記事|もっと見る|続きを読む|【関連|관련 ?(?:기사|뉴스|글|링크)|더 ?보기
|추천 ?(?:기사|뉴스)|인기 ?기사|많이 본
"""

# What sites say for themselves: subscribe, follow, share, pay; who has the rights; what an agency asks for.
_FURNITURE: Final = r"""
advertisement|advertising|story continues|article continues|continues? below|sponsored|promoted
|paid (?:content|post)|sign up (?:for|to|here|now)|sign in|log ?in|subscribe
|subscribe (?:to|now|today|here)|get (?:the|our|more) \w+ (?:newsletter|app|alerts)
|follow (?:us|me|him|her|them|the)
|join (?:us|our|the conversation|the discussion)|share (?:this|on|via)|click here|tap here
|download (?:the|our)|view (?:the )?(?:comments|discussion|gallery)|leave a (?:comment|reply)
|post a comment|comments? (?:are )?(?:closed|off)|(?:all )?rights reserved|copyright|©
|\(c\) \d{4}
|this (?:material|article|content) (?:may not|is (?:protected|copyright|the copyright))
|\w+ copyright|reprint|support (?:us|our|independent)|donate
|please (?:enable|subscribe|log|sign)|like us on|find us on|like what you
|if you (?:enjoyed|liked|like) (?:this|what)|thank(?:s| you) for (?:reading|signing|subscribing)
|have (?:a tip|something to)|got a (?:tip|story)|do you have a|send (?:us|your)
|contact (?:us|the)|email (?:us|the)|tags?:|filed under|topics:|categor(?:y|ies):|keywords:
|\d+ (?:comments?|shares?|likes)|no comments|print this|enlarge(?: image)?|editor['’]s note
|this (?:story|article|post) (?:was|is|has been) (?:originally|first) (?:published|appeared)
|image source|image credits?|photo credits?|featured image|header image
|anzeige|werbung|\*werbung|newsletter|jetzt (?:abonnieren|anmelden|teilen)|abonnieren sie
|melden sie sich|folge[nt]? (?:sie )?uns|teilen|drucken|alle rechte vorbehalten
|kommentare?(?: geschlossen|:|$)|kommentarfeed|wir respektieren deine|mit material (?:von|der)
|beitragsbild|titelbild|bildquelle|bildnachweis|foto(?:s|quelle)?:|bild(?:er)?:|quellen?:
|publicité|abonnez[- ]vous|inscrivez[- ]vous|suivez[- ](?:nous|la|le)|partager
|tous droits réservés|commentaires|crédits? photos?|s['’]abonner
|publicidad|suscr[ií]b(?:ete|ase)|síg(?:ue|a)nos|comparte|compartir|todos los derechos
|comentarios|etiquetas|crédito|foto(?:grafía)?:|regístr\w+|únete|inscr[ií]b\w+
|publicidade|assine|inscreva-se|siga(?: o|-nos| a)|compartilhe|todos os direitos|comentários
|crédito|receba
|pubblicità|iscriviti|seguici|condividi|tutti i diritti|commenti|abbonati|riproduzione riservata
|©
|advertentie|abonneer|volg ons|deel (?:dit|op)|reacties|reklama|zapisz się|śledź nas|obserwuj
|udostępnij|komentarze|źródło:|fot\.|zdjęcie:
|annons|annonce|följ oss|følg os|del (?:artikel|på)|dela|kommentarer|reklam|abone ol
|takip (?:et|edin)|paylaş|yorum(?:lar)?
|реклама|подпи[сш]\w+|поделиться|комментари[ий]
|все права защищены|теги:|метки:|фото:|источник:
|следите за|присоединя\w+|підпи\w+|поділитися|коментарі
|усі права
|إعلان|اشترك|تابعونا|تابعنا|شارك|التعليقات|جميع الحقوق|تبلیغات|عضویت|نظرات|פרסומת|הירשמו|תגובות
|广告|訂閱|订阅|关注我们|關注|分享|评论|評論|版权|版權|责任编辑|責任編輯|来源[:：]|來源[:：]
|标签[:：]|扫码|微信|広告|シェア|コメント|タグ|フォロー|著作権|無断転載|【写真|写真[:：]|광고
|구독|공유|댓글|저작권|무단 ?전재|ⓒ
"""

# Who published it, when and where.
_ORIGIN: Final = r"""
by|posted|published|updated|last (?:updated|modified)|first published|reporting by|written by
|edited by|von|veröffentlicht|aktualisiert|erstellt|stand|par|publié|mis à jour|por
|publicad[oa]|actualizad[oa]|atualizad[oa]
|di|pubblicato|aggiornato|door|gepubliceerd|autor|autora?|opublikowano|av|publicerad|uppdaterad
|опубликовано|обновлено|автор|дата|تاریخ|نشر|作者|发布|發布|更新
|公開|入力|기자
"""

# What stands alone on buttons, players and boxes.
_BUTTONS: Final = r"""
image|images|photos?|pictures?|videos?|watch|listen|play|pause|share|save|print|e-?mail|gallery
|galleries|close|menu|search|copy(?: link)?|view (?:images?|photos?|gallery|all)
|show (?:more|less)|see (?:all|more)|load more|back to (?:top|slide)|loading\W*|next|previous
|skip|click to expand
|around the web|discover more(?: like this)?|more like this|from the web|promoted stories
|story highlights|table of contents|\d+ photos|\d?\d:\d\d(?:/\d?\d:\d\d)?
|bilder|videos?|ansehen|anhören|mehr anzeigen|weniger anzeigen|vergrößern|schließen|nach oben
|voir plus|écouter|regarder|fermer|agrandir|ver más|escuchar|cerrar|ampliar|ver mais|ouvir
|fechar|mostra altro|ascolta|chiudi|afspelen|sluiten
|смотреть|слушать|закрыть|показать ещё|фото|видео|شاهد
|استمع|图片|视频|播放|关闭|動画|画像|再生|閉じる|拡大|사진|동영상
"""

# How pictures are credited, at the end of what is said of them or alone.
_CREDIT: Final = r"""
(?:image|photo|picture|pic|photograph)s?(?: credits?| courtesy| source| by)?|credits?
|foto(?:s|graf|grafía|credit|quelle)?|bild(?:quelle|nachweis)?|crédit(?:os?|s)?(?: photo)?|fot|zdjęcie|kuva
|фото|иллюстрация|صورة|写真|图|圖|사진|©|ⓒ
"""
_AGENCIES: Final = r"""
AP|AP Photo|AFP|Reuters|Getty(?: Images)?|EPA|dpa|EFE|ANSA|Shutterstock|iStock(?:photo)?|Alamy|Xinhua|TASS
|ТАСС|РИА Новости|新华社|時事|共同|연합뉴스|Unsplash|Pixabay|Pexels|Flickr|Wikimedia(?: Commons)?|Adobe ?Stock
|Imago|picture alliance|Keystone|PAP|APA|SIPA|Zuma(?: Press)?|Rex(?: Features)?|WireImage|FilmMagic|Corbis
"""


def _one(table: str) -> str:
    return f"(?:{table.replace(chr(10), '')})"


_READS_ON: Final = re.compile(rf"[\W_]*{_one(_READ_ON)}(?!\w)")
_IS_FURNITURE: Final = re.compile(rf"[\W_]*{_one(_FURNITURE)}(?!\w)")
_IS_ORIGIN: Final = re.compile(rf"[\W_]*{_one(_ORIGIN)}(?!\w)")
_IS_BUTTON: Final = re.compile(rf"[\W_]*{_one(_BUTTONS)}[\W_]*")
_IS_CREDIT: Final = re.compile(
    rf"(?:^|[(\[|/–—.\s-]){_one(_CREDIT)}\s*[:：/©.]\s*[^.!?。]{{2,80}}$"
    r"|^\s*[(\[]?\s*(?:©|ⓒ|foto:|photo:|image:|bild:|photo by|photograph by)",
    re.IGNORECASE,
)
_IS_AGENCY: Final = re.compile(rf"(?:^|[\s/|(,–—-]){_one(_AGENCIES)}[\s)\]]*$")


def reads_on(text: str) -> bool:
    """Does it lead to something else to read?"""
    return _READS_ON.match(text[:_BEGINNING].lower()) is not None


def is_furniture(text: str) -> bool:
    """Does the site speak here, not the article?"""
    if len(text) < _BUTTON and _IS_BUTTON.fullmatch(text.lower()):
        return True
    return _IS_FURNITURE.match(text[:_BEGINNING].lower()) is not None


def is_origin(text: str) -> bool:
    """Does it say who published it, or when?"""
    return _IS_ORIGIN.match(text[:_BEGINNING].lower()) is not None


def is_credit(text: str) -> bool:
    """Does a short text say whose picture it is?"""
    return _IS_CREDIT.search(text) is not None or _IS_AGENCY.search(text) is not None
