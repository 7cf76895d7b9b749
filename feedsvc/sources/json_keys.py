"""What do programmers call the properties of an article in JSON?

Names are squeezed (``json_values.squeezed``): lower case, letters and digits only. The surest come first.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from feedsvc.refine.text import words

# What an item's own properties may be wrapped in, and what a value may be.
ITEM_WRAPPERS: Final = words(
    "article attributes content data document entry fields item node post properties source story"
)
TEXT_WRAPPERS: Final = words("basic default html plain raw rendered text value")
LINK_WRAPPERS: Final = words("canonical desktop full href html public self url value web")

_NAMES: Final = {
    "title": "title headline headlines articletitle newstitle posttitle heading maintitle displaytitle "
    "shorttitle seotitle name subject titel titre titulo titolo",
    "link": "permalink htmlurl weburl canonicalurl canonical canonicallink publicurl articleurl pageurl "
    "posturl storyurl newsurl fullurl absoluteurl url link links urls href shareurl websiteurl "
    "webpage location uri path urlpath relativeurl externalurl",
    "guid": "id guid uuid uid oid objectid nodeid contentid articleid postid storyid newsid entryid itemid "
    "documentid key slug",
    "date": "publishedatgmt datepublishedgmt dategmt publishedat datepublished publishdate publisheddate "
    "publicationdate publishedon publishedtime publishtime published publishedtimestamp "
    "publisheddatetime firstpublished firstpublishedat firstpublicationdate firstpublisheddate "
    "displaydate displaytime pubdate webpublicationdate datepublication date datetime dateposted "
    "postedat postdate postedon releasedate releasedat createdatgmt createdat created datecreated "
    "creationdate createddate createdtime createtime ctime timestamp time eventdate datum fecha",
    "updated": "modifiedgmt updatedat dateupdated datemodified modifiedat modified modifieddate "
    "modificationdate lastmodified lastmodifiedat lastmodifieddate lastupdated lastupdatedat lastupdate "
    "lastupdateddate updated updateddate updatetime updatedtime mtime",
    "summary": "summary excerpt abstract description standfirst teaser teasertext lead leadtext lede intro "
    "introtext introduction dek deck snippet shortdescription metadescription subheadline subheading "
    "subtitle blurb preview previewtext desc trailtext",
    "content": "contenthtml bodyhtml htmlcontent fullcontent content body articlebody fulltext html "
    "contenttext bodytext text message",
    "author": "authors author byline bylines creator creators writer writers contributors authorname "
    "createdby postedby username user reporter by autor auteur",
    "image": "leadimage featuredimage featuredimageurl featuredmedia mainimage heroimage coverimage "
    "headerimage teaserimage socialimage ogimage image imageurl imagesrc images picture photo "
    "thumbnail thumbnailurl thumb cover coverurl poster leadart promoimage media",
    "tags": "tags tag keywords topics categories category labels section sections subjects channel rubric",
    "language": "language lang locale languagecode",
}

# Field -> name -> how sure: 0 is the surest.
RANKS: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType(
    {field: {name: rank for rank, name in enumerate(names.split())} for field, names in _NAMES.items()}
)
