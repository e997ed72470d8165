"""What makes the PDF one to keep: what it says it is, and the files that it carries.

WeasyPrint writes one standard a file. PDF/A-3a is the one it writes; that the pages are
PDF/UA-1 too is told in the same metadata, with the schema that PDF/A wants for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reportgen.errors import RenderError

VARIANT = "pdf/a-3a"

_END = b"</rdf:RDF>"

_ACCESSIBLE = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows\
</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
"""That the file is PDF/UA-1 (ISO 14289-1), and what that property means.

Source: ISO 19005-3:2012, 6.6.2.3, extension schemas.
"""

Metadata = Callable[[str, str, str], bytes]
"""WeasyPrint's writer of metadata, from variant, version and conformance."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside the PDF.

    Attributes:
        name: File name, as "record.json".
        description: What it holds, for the list of attachments in a reader.
        content: Its bytes.
    """

    name: str
    description: str
    content: bytes


def accessible(write: Metadata) -> Metadata:
    """Returns a writer of the same metadata that also names PDF/UA-1.

    Args:
        write: WeasyPrint's own writer.
    """

    def both(variant: str, version: str, conformance: str) -> bytes:
        written = write(variant, version, conformance)
        if written.count(_END) != 1:
            raise RenderError(
                "WeasyPrint's metadata must hold one rdf:RDF. Received "
                f"{written.count(_END)}. Install a version of weasyprint that this "
                "version of reportgen was tested with."
            )
        return written.replace(_END, _ACCESSIBLE + _END)

    return both


def embedded(
    weasyprint: Any, attachments: tuple[Attachment, ...], *, created_at: str
) -> list[Any]:
    """Returns the attachments as WeasyPrint takes them, each good for one PDF.

    They are sorted by name, as a reader's search in the tree of names asks.

    Args:
        weasyprint: The library.
        attachments: Files to carry.
        created_at: The time that they are stamped with.
    """
    moment = datetime.fromisoformat(created_at)
    return [
        weasyprint.Attachment(
            string=attachment.content,
            name=attachment.name,
            description=attachment.description,
            created=moment,
            modified=moment,
            relationship="Data",
        )
        for attachment in sorted(attachments, key=lambda one: one.name)
    ]


def name_once(_document: Any, pdf: Any) -> None:
    """Lists each attachment once among the associated files: WeasyPrint does twice."""
    associated = pdf.catalog.get("AF")
    if associated is not None:
        associated[:] = dict.fromkeys(associated)
