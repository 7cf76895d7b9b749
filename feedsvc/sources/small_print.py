"""Which words in a newsletter are about the mail and its subscription, and not what it has to say?

Tables for the web at large, in many languages; all in the form that ``folded`` gives. A label is what a link
says ("unsubscribe"); a phrase is found anywhere in a short paragraph ("you are receiving this because").
"""

import re
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 400  # characters of a paragraph that may be small print
_LONGEST_LABEL: Final = 80
_SHORT_LABEL: Final = 40  # so short that its beginning tells
_INVISIBLE: Final = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\ufeff]")


def folded(text: str) -> str:
    """As texts are compared here: one line, no case, one kind of apostrophe, nothing invisible."""
    plain = _INVISIBLE.sub("", text).replace("’", "'").casefold().replace("i\u0307", "i")
    return " ".join(plain.split())


def _table(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (folded(one) for line in text.splitlines() for one in line.split("|"))))


# Leaving the list, and changing what one gets of it.
_LEAVE: Final = _table(
    """
unsubscribe | opt out | opt-out | stop receiving | manage preferences | manage your preferences
email preferences | e-mail preferences | update your preferences | update preferences
change your preferences | manage subscription | manage your subscription | subscription settings
subscription preferences | notification settings | email settings | update your profile | update profile
mailing preferences | abmelden | abbestellen | austragen | abmeldung | einstellungen verwalten
profil bearbeiten | profil ändern | désabonner | désinscrire | désinscription | désabonnement
gérer mes préférences | gérer vos préférences | darse de baja | darte de baja | darme de baja | dar de baja
cancelar suscripción | cancelar la suscripción | cancelar mi suscripción | cancelar tu suscripción
anular la suscripción | anular suscripción | gestionar preferencias | actualizar preferencias | desuscrib
donar-se de baixa | annulla iscrizione | annulla l'iscrizione | annullare l'iscrizione | disiscri
cancella iscrizione | cancella la tua iscrizione | cancellare l'iscrizione | cancellarti
gestisci le preferenze | aggiorna le preferenze | cancelar inscrição | cancelar a inscrição
cancelar subscrição | cancelar a subscrição | descadastr | cancelar assinatura | anular subscrição
gerir preferências | gerenciar preferências | afmelden | uitschrijven | voorkeuren beheren
voorkeuren wijzigen | voorkeuren aanpassen | avregistrera | avprenumerera | avsluta prenumeration | avanmäl
afmeld | frameld | avmeld | meld deg av | avslutt abonnement | peruuta tilaus | peru tilaus | lopeta tilaus
peruuta uutiskirje | afskrá | wypisz | zrezygnuj z | anuluj subskrypcję | rezygnacja z subskrypcji
zarządzaj preferencjami | odhlásit | odhlášení | zrušit odběr | odhlásiť | odhlásenie | zrušiť odber
odjavi | odjava | odjavite | leiratkoz | dezabon | tellimusest loobu | atteikties | atsisakyti | отпис
отказаться от рассылки | отказаться от подписки | отмена подписки | управление подпиской
настройки рассылки | відпис | скасувати підписку | διαγραφή από | κατάργηση εγγραφής | απεγγραφή
aboneliği iptal | aboneliğinizi iptal | abonelikten çık | abonelikten ayrıl | listeden çık | çabunəlik
إلغاء الاشتراك | הסרה מרשימ | להסרה | הסר אותי | ביטול מנוי | لغو اشتراک | सदस्यता समाप्त | अनसब्सक्राइब
退订 | 退訂 | 取消订阅 | 取消訂閱 | 取消訂閲 | 管理订阅 | 管理訂閱 | 配信停止 | 配信解除 | 購読解除
登録解除 | 購読を解除 | 購読を停止 | 配信を停止 | 配信設定 | メール設定 | 수신거부 | 수신 거부 | 구독 취소
구독취소 | 구독 해지 | 구독해지 | berhenti berlangganan | hủy đăng ký | huỷ đăng ký | ยกเลิกการสมัคร
ยกเลิกการรับ | confirm your subscription | confirm subscription | confirm my subscription
anmeldung bestätigen | confirmer mon inscription | confirmar suscripción | confermare l'iscrizione
confirmar inscrição
"""
)

# The mail as a page.
_VIEW: Final = _table(
    """
in browser | in your browser | in a browser | in the browser | view online | read online | web version
webversion | online version | view on web | on the web | open online | view as a web page | view as webpage
im browser | online-version | onlineversion | web-version | online lesen | online ansehen
dans votre navigateur | dans le navigateur | dans un navigateur | version en ligne | voir en ligne
lire en ligne | en el navegador | en tu navegador | en su navegador | versión web | versión online
ver online | ver en línea | nel browser | nel tuo browser | versione online | versione web | leggi online
visualizza online | no navegador | no seu navegador | no browser | versão web | versão online | ver on-line
in je browser | in uw browser | online versie | webversie | bekijk online | lees online | i webbläsaren
i din webbläsare | webbversion | visa online | läs online | i din browser | i browseren | vis online
i nettleseren | i nettleser | nettversjon | selaimessa | selaimella | verkkoversio | w przeglądarce
wersja online | wersja internetowa | v prohlížeči | online verze | v prehliadači | v brskalniku
u pregledniku | böngészőben | online változat | în browser | versiunea online | в браузъра | в браузере
веб-версия | онлайн-версия | у браузері | в браузері | веб-версія | στον browser | σε browser
στο πρόγραμμα περιήγησης | tarayıcıda | tarayıcınızda | في المتصفح | في متصفحك | בדפדפן | 在浏览器中
浏览器中查看 | 在瀏覽器中 | 瀏覽器中 | 网页版 | 網頁版 | 在线查看 | 在线阅读 | 線上閱讀 | 線上瀏覽
ブラウザで | ブラウザーで | web版 | webで読む | ウェブで | 브라우저에서 | 웹에서 보기 | 웹으로 보기
웹 버전 | di browser | trong trình duyệt | trên trình duyệt | ในเบราว์เซอร์
"""
)

_FORWARD: Final = _table(
    """
forward to a friend | forward to friend | forward this email | forward this e-mail | forward this newsletter
forward this message | share this email | tell a friend | an freunde weiterleiten | newsletter weiterleiten
e-mail weiterleiten | mail weiterleiten | weiterempfehlen | transférer à un ami | faire suivre à
transférer cet e-mail | reenviar a un amigo | reenviar este correo | inoltra a un amico | inoltra questa
encaminhar para um amigo | reencaminhar | doorsturen naar | stuur door naar | stuur deze | vidarebefordra
videresend | tipsa en vän | przekaż znajomemu | przeslat příteli | переслать другу | 转发给朋友 | 轉寄給朋友
友達に転送 | 친구에게 전달 | add to address book | add us to your address book | sign up here
subscribe here
"""
)

# Paragraphs that are about the mail wherever in it they stand.
_PHRASES: Final = _table(
    """
to unsubscribe, | to unsubscribe: | to unsubscribe click | to unsubscribe please | to unsubscribe send
to unsubscribe from this | unsubscribe from this | unsubscribe here | can unsubscribe at any time
wish to unsubscribe | want to unsubscribe | no longer wish to receive | don't want to receive
do not wish to receive | prefer not to receive | stop receiving these | to your address book
to your safe sender | to your contacts list | forwarded to you | forwarded this email
forwarded this newsletter | was forwarded this | trouble viewing this | problems viewing this
can't see this email | cannot see this email | can't read this email | not displaying correctly
displaying properly | images are not displayed | having trouble reading this | our mailing address
this is an automated message | nicht mehr erhalten möchten | nicht mehr erhalten möchtest
keine weiteren e-mails | newsletter abbestellen | vom newsletter abmelden | ihrem adressbuch
ihr adressbuch | nicht richtig angezeigt | nicht korrekt angezeigt | nicht richtig dargestellt
nicht korrekt dargestellt | ne plus recevoir | pour vous désabonner | pour vous désinscrire
ne s'affiche pas | carnet d'adresses | no deseas recibir | no desea recibir | no quieres recibir
dejar de recibir | para darte de baja | para darse de baja | no se visualiza correctamente
no se ve correctamente | no puedes ver este | libreta de direcciones | non desideri più ricevere
non vuoi più ricevere | non visualizzi correttamente | alla tua rubrica | non desidera più
não deseja mais receber | não quer mais receber | deixar de receber | não consegue ver
não consegue visualizar | niet langer ontvangen | niet meer ontvangen | geen nieuwsbrief meer
niet goed weergegeven | niet goed leesbaar | aan je adresboek | aan uw adresboek | inte längre få
inte längre vill | ikke længere ønsker | ikke lenger ønsker | et halua enää | et enää halua
nie chcesz otrzymywać | nie chcesz już | aby zrezygnować | nie wyświetla się | nechcete dostávat
nepřejete si | nezobrazuje se | nem szeretne több | nu mai doriți | не хотите получать | не хотите больше
чтобы отписаться | не отображается | не бажаєте отримувати | δεν επιθυμείτε | almak istemiyorsanız
لا ترغب في تلقي | 不想再收到 | 不想收到 | 如无法正常显示 | 無法正常顯示 | 配信停止 | 配信を希望されない
수신을 원하지
"""
)

# Paragraphs that are about the mail, but only at its beginning or in its latter half.
_WHY: Final = _table(
    """
you are receiving this | you're receiving this | you received this | you have received this
you are subscribed to | you're subscribed to | you subscribed to | you signed up | you are getting this
you're getting this | this email was sent | this e-mail was sent | this message was sent
this newsletter was sent | was sent to you by | all rights reserved | add us to your | view our privacy
terms of service | sie erhalten diese | du erhältst diese | sie bekommen diese | du bekommst diese
diese e-mail wurde an | diese nachricht wurde an | alle rechte vorbehalten | sie haben sich für
du hast dich für | vous recevez ce | vous recevez cet | ce message a été envoyé | cet e-mail a été envoyé
cet email a été envoyé | tous droits réservés | has recibido este | recibes este | recibe este
ha recibido este | este correo fue enviado | este mensaje fue enviado | este correo ha sido enviado
este correo electrónico | todos los derechos reservados | ricevi questa | hai ricevuto questa
questa email è stata inviata | questa e-mail è stata | tutti i diritti riservati | você está recebendo
você recebeu est | está a receber est | recebeu este e-mail | este e-mail foi enviado
todos os direitos reservados | je ontvangt deze | u ontvangt deze | deze e-mail is verzonden
deze mail is verstuurd | alle rechten voorbehouden | du får det här | du får detta | du modtager denne
du mottar denne | du får denne | sait tämän | saat tämän | otrzymujesz tę | otrzymujesz ten | otrzymałeś tę
otrzymałaś tę | wiadomość została wysłana | wszelkie prawa zastrzeżone | dostáváte tento
tento e-mail byl odeslán | všechna práva vyhrazena | azért kapta | ezt a levelet azért
ezt az e-mailt azért | primiți acest | ați primit acest | вы получили это | вы получаете это
это письмо отправлено | все права защищены | ви отримали цей | ви отримали це | λαμβάνετε αυτό
bu e-postayı | bu e-posta size | tüm hakları saklıdır | تتلقى هذه | وصلتك هذه | جميع الحقوق محفوظة
כל הזכויות שמורות | 您收到此 | 您收到这 | 您會收到 | 您之所以收到 | 版权所有 | 版權所有 | このメールは
本メールは | 当メールは | 이 메일은 | 본 메일은 | 이 이메일은 | anda menerima email ini
bạn nhận được email này
"""
)

_COPYRIGHT: Final = re.compile(r"^(?:copyright\b|©|\(c\) ?\d{4}|&copy;)")
# As a part of an address of its own, not as a word of a headline.
_ADDRESS: Final = re.compile(
    r"[/?&=._](?:un-?sub(?:scribe(?:d|r)?)?|opt[-_]?out|(?:e?mail|manage|subscription|update)[-_]?preferences|"
    r"manage[-_]?subscription|update[-_]?profile|abmelden|abmeldung|abbestellen|d[eé]sinscription|"
    r"d[eé]sabonnement|d[eé]sabonner|darse[-_]?de[-_]?baja|baja|cancelar[-_]?suscripcion|disiscri(?:zione|viti)|"
    r"descadastrar|uitschrijven|afmelden|avregistrera|avprenumerera|afmeld|avmeld|wypisz|odhlasit|leiratkozas|dezabonare|"
    r"forward[-_]?to[-_]?a?[-_]?friend|list-?manage[-_]?unsub)(?=$|[/?&=._#])",
    re.IGNORECASE,
)


def leaves_list(label: str, href: str) -> bool:
    """Is it a link with which the reader leaves the list, or changes a subscription?"""
    return bool(_ADDRESS.search(href)) or _is_label(label, _LEAVE)


def views_online(label: str) -> bool:
    """Is it a link to the mail as a page?"""
    return _is_label(label, _VIEW)


def forwards(label: str) -> bool:
    return _is_label(label, _FORWARD)


def is_about_the_mail(text: str, *, at_the_edge: bool) -> bool:
    """Is a short paragraph about the mail? ``at_the_edge``: it begins the mail or is in its latter half."""
    words = folded(text)
    if not 4 <= len(words) <= LONGEST:
        return False
    phrases = (*_PHRASES, *_WHY) if at_the_edge else _PHRASES
    return any(phrase in words for phrase in phrases) or (at_the_edge and bool(_COPYRIGHT.match(words)))


def _is_label(label: str, table: Iterable[str]) -> bool:
    """Does a link say this, with few other words? (A headline about unsubscribing says more.)"""
    words = folded(label)
    if not words or len(words) > _LONGEST_LABEL:
        return False
    short = len(words) <= _SHORT_LABEL
    return any(
        (short and words.startswith(one)) or 3 * len(one) >= len(words) for one in table if one in words
    )
