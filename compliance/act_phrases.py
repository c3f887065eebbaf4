"""How governments say, in English and Spanish, that something was done together: or that it was not.

Phrases as in a catalogue: whole words, compared without case and accents, ``*`` for endings. They are of the
language, not of any instrument.
"""

from __future__ import annotations


def _phrases(listed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(phrase.split()) for phrase in listed.split(",") if phrase.strip()))


STRONG_EN = _phrases(
    """
    final approval, have agreed as follows, formalize, formalizes, finalizes, celebrated an, approved
    by, brought to a close, brought their, drawn up, becomes official, become official, put our names,
    put their names, we took them, locked it in, begun a joint, began a joint, constitute an agreement,
    confirm the understanding, sealed, share responsibility, bound themselves, begin joint, were signed,
    did another one, signed, sign, signs, countersigned, co-signed, initialed, initialled, executed,
    concluded, conclude, concludes, reached an, reached a, reached agreement, reached accord, have
    reached, has reached, reach agreement, reach accord, entered into, enters into, enter into, entering
    into force, adopted, adopt, adopts, finalized, finalised, finalize, settled, ratified, formalized,
    formalised, completion of, conclusion of, signing of, signature of, entry into force, adoption of,
    exchange of notes, exchange of letters, exchanged notes, exchanged letters, exchanged instruments,
    took effect, took force, came into, comes into, come into, into operation, became operational,
    becomes operational, began operating, inaugurated, stood up, have accepted, renewed, renew,
    prolonged, undertaken, commit to, commits each, commits both, committed to, decided jointly, jointly
    decided, struck, arrived at, agreed upon, issued jointly, joint declaration issued, declaration
    issued, put signatures, put in place, put into effect, brought into force, made permanent, amended,
    worked out, wrapped up, closed, letter of understanding
    """
)
"""What two sides do, whoever is named in the sentence."""

STRONG_ES = _phrases(
    """
    se llegó a, llegamos a, llegamos ya, se pactó, han convenido, acuerdan lo siguiente, convienen,
    convienen en, quedó sellado, sellaron, selló, signado, signada, celebraron, celebran, celebró,
    celebrado, concretan, concretaron, concretó, concretado, concluyen, perfeccionado, perfeccionada,
    fructificó, visto bueno, dimos por terminad*, dio por terminad*, dieron por terminad*, por
    terminad*, dejaron firmad*, firmadas, firmados, firman, firmaron, fueron firmad*, lo cerramos,
    cerramos, se tomaron, de común acuerdo, consignado, consignada, adoptan por unanimidad, con la
    aprobación, acuerdo específico, arreglo interinstitucional, bases de colaboración, firmó, firma,
    firmado, firmada, firmamos, se firmó, suscribió, suscribieron, suscriben, suscribe, suscrito,
    suscrita, suscripción, suscribimos, rubricó, rubricaron, rubricado, signaron, signó, concluyeron,
    conclusión de, concertado, concertó, concertaron, concertada, alcanzó, alcanzaron, alcanzado,
    alcanzamos, hemos acordado, quedó acordado, convinieron, convino, convenido, convenida, convenimos,
    pactaron, pactó, pactado, pactada, adoptó, adoptaron, adoptado, adoptada, adoptan, entró en vigor,
    entran en vigor, entraron en vigor, entrada en vigor, surte efectos, surten efecto, surte efecto,
    formalizó, formalizaron, formalizan, formaliza, formalizado, integraron, constituyen, constituyó,
    constituyeron, constituido, ponen en marcha, pusieron en marcha, puesta en marcha, puso en marcha,
    pone en marcha, inauguraron, inauguró, inician operaciones, inició operaciones, inicia operaciones,
    prorrogan, prorrogaron, prórroga, prorrogado, prorrogó, renuevan, renovaron, renovado, renovó,
    intercambiaron, canje de notas, canjearon, canje de, intercambio de notas, ratificaron, ratificó,
    quedó cerrado, quedó listo, quedó resuelto, finalizaron, finalizado, comprometieron, se comprometen,
    se obligan, carta de entendimiento
    """
)
"""The same in Spanish."""

WEAK_EN = _phrases(
    """
    have been agreed, has been agreed, was agreed, were agreed, announced, announce, announces, opened,
    created, create, creates, established, establish, establishes, decided, have decided, has decided,
    approved, approve, is approved, expanded, expand, extended, extend, launched, launch, launches,
    effective, in effect, accepted, deal, arrangement, under the agreement, under an agreement,
    agreement with, agreement between, arrangement with, memorandum with, by agreement, under the
    arrangement, under an arrangement, completed, complete, completes, pledged, set up, closed the,
    resolved, cleared, granted, next stage, unveiled, agreed, agrees, agree on, agree to, binds, have a
    deal, constituted, takes effect, take effect, in force, in force since
    """
)
"""What one side may do as well: it counts where the sentence or the title names all parties."""

WEAK_ES = _phrases(
    """
    han acordado, anuncian, anunciaron, anunció, anunciamos, dieron a conocer, se da a conocer,
    abrieron, abrió, abren, abre, crean, creó, crearon, creado, creación de, establecen, establecieron,
    establecido, establece, decidieron, decidió, aprobó, aprobaron, aprobado, aprueba, aprueban,
    aprobación, amplían, ampliaron, amplió, ampliación, extienden, extendieron, extendió, convenio,
    arreglo, por acuerdo, acuerdo entre, acuerdo con, quedó, quedaron, presentaron, emitieron, emiten,
    vigente, en vigor, entra en vigor, completado, completaron, completó, operará, operan, compartirán,
    reemplaza*, autorizó, nace, inició cursos, aceptan, aceptó, aceptaron, aceptamos, aceptado,
    resolvieron, terminaron, concluyó, concluido, concluida, acordaron, acordó, acuerdan, acordado,
    acordada, acordamos, arranca, arrancó, arrancaron, finalizó, cerró, cerraron, obliga a, integran,
    integró
    """
)
"""The same in Spanish."""

DENIED_EN = _phrases(
    """
    not, no, n't, never, neither, nor, without, nobody, nothing, none, would, could, might, unless,
    until, refus*, declin*, whether, 2008, 2015, 1998, 1978, years ago, last year
    """
)
"""Up to five words before an act: it was not done."""

DENIED_ES = _phrases(
    """
    no, ni, nunca, sin, nadie, nada, ningún, ninguna, ninguno, sería, podría, podrían, hasta, falta, se
    niega, habría, 1978, 2002, años
    """
)
"""The same in Spanish."""

NOT_YET_EN = _phrases(
    """
    to, will, may, should, must, can, to be, be, yet to, hope*, plan*, intend*, ready, prepared, had
    """
)
"""Up to two words before an act: it is still to be done."""

NOT_YET_ES = _phrases(
    """
    por, para, puedan, pueda, podrán, espera, esperan, a, quiere*, antes de, para que se, que se
    """
)
"""The same in Spanish."""

TALKS_ON = _phrases(
    """
    verse, hablarse, hablar, a date, volverse a ver, to speak, to call, llamarse, vigilar, to disagree,
    stay in close, intercambiar opiniones, to continue, to keep, to meet, to stay, to go on, to talk, to
    review, to hold, to remain in, to work together, to look at, to study, to explore, to discuss, to
    reconvene, seguir, continuar, mantener, reunirse, volver a, dar seguimiento, revisar, dialogar,
    estudiar, explorar, their teams, the teams, mantenerse, a conversation, informar a
    """
)
"""Up to five words after an act: all that was agreed is to go on talking."""

HEARSAY = _phrases(
    """
    planteamos, planteó, en vez de, would welcome, comparte, if, would have, ojalá, hopes, hoped, hope
    to, expected, expects, se espera, esperan, propose*, proposal*, proponen, propuso, propuesta*,
    draft, borrador, proyecto de, reportedly, rumor*, rumour*, denied, denies, desmiente, desmintió,
    niega, negó, falso, falsa, offered, ofreció, asked whether, tendrían, tendría, suele, suelen, in
    november, en noviembre, by the end of the year, quisiera*, podría*, could be, might, may sign, we
    may, de proceder
    """
)
"""In a sentence: it is supposed, proposed, hoped for or reported by others."""

DENIAL = _phrases(
    """
    false, alleged, rumor*, myth, denial, es falso, falso, desmentido, desmiente, aclaración, precisión,
    response to press, fake, no es cierto
    """
)
"""In a title: the document denies what it speaks of."""

NEWER = _phrases(
    """
    additional, further, complement*, supplement*, second, new, next, since, building on, builds on,
    beyond, after, followed, adicional*, suplement*, segund*, nuev*, después, adenda, annex, anexo,
    desarrollo de
    """
)
"""In a sentence that names the instrument itself: there is something beyond it."""

TOGETHER = _phrases(
    """
    both agencies, both departments, las dos dependencias, ambas instituciones, dos dependencias, dos
    pueblos, both governments, both countries, both nations, both sides, both parties, both delegations,
    two governments, two countries, two nations, two sides, two delegations, two agencies, two services,
    two ministries, two neighbo*, two presidents, each side, each country, each government, the other
    side, our neighbo*, counterpart*, bilateral*, binational*, joint, jointly, together with, us and,
    they accepted, and we accepted, dos gobiernos, dos países, dos naciones, dos partes, dos
    delegaciones, dos instituciones, dos autoridades, dos cancillerías, dos presidentes, de uno y otro,
    uno y otro, una y otra, cada país, cada parte, cada lado, cada gobierno, país vecino, vecino*,
    contraparte*, homólog*, binacional*, conjunt*, las dos fiscalías, las dos instituciones, los dos
    presidentes, los dos gobiernos, las dos delegaciones, los dos servicios, las dos partes, both,
    ambos, ambas
    """
)
"""How a document names all parties without a name."""
