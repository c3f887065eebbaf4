"""Notices of a publisher's own making in the document's place, with status 200."""

from __future__ import annotations

from fault_injection.documents.kinds.standing_in import stands_in

BAN = (
    "In compliance with the rules for electoral periods, the content of this page is not shown from April 2 "
    "to June 6. "
    "The information on services and emergencies remains available at all times.",
    "En cumplimiento de lo dispuesto en materia electoral, el contenido de esta página no se muestra del 2 "
    "de abril al 6 "
    "de junio. La información sobre trámites, servicios y emergencias sigue disponible en todo momento.",
)


HOMEMADE = (
    stands_in(
        "session_expired",
        "A session that nobody began has expired.",
        (
            "Session expired",
            "<h1>Your session has expired</h1><p>For your security, the session was closed after a time "
            "without activity. "
            'Please go back to the <a href="/">home page</a> and start again. We apologize for the '
            "inconvenience.</p>",
        ),
        (
            "Sesión expirada",
            "<h1>Su sesión ha expirado</h1><p>Por su seguridad, la sesión se cerró después de un tiempo sin "
            "actividad. Por "
            'favor vuelva a la <a href="/">página de inicio</a> e intente de nuevo. Disculpe las '
            "molestias.</p>",
        ),
    ),
    stands_in(
        "electoral_ban",
        "In the weeks before an election the site shows a notice of the law.",
        ("Notice", f"<h1>Electoral period</h1><p>{BAN[0]}</p>"),
        ("Aviso", f"<h1>Veda electoral</h1><p>{BAN[1]}</p>"),
    ),
    stands_in(
        "ups_not_found",
        "“Oops”, says the site in its own words.",
        (
            "Oops!",
            "<h1>Oops! We could not find that page</h1><p>The link may be old, or someone may have mistyped "
            "it. Try the "
            "search, or go back to the start page.</p>",
        ),
        (
            "¡Ups!",
            "<h1>¡Ups! No encontramos la página</h1><p>Es posible que el enlace sea antiguo o que se haya "
            "escrito mal. "
            "Intente con el buscador o regrese al inicio.</p>",
        ),
    ),
    stands_in(
        "maintenance_own_title",
        "Maintenance, under the site's own title.",
        (
            "Department of External Affairs",
            "<h1>Department of External Affairs</h1><p>We are improving our services for you. Some sections "
            "of this site "
            "cannot be consulted today. Come back in a few hours.</p>",
        ),
        (
            "Secretaría de Relaciones",
            "<h1>Secretaría de Relaciones</h1><p>Estamos mejorando nuestros servicios para usted. Algunas "
            "secciones de "
            "este sitio no pueden consultarse hoy. Vuelva en unas horas.</p>",
        ),
    ),
    stands_in(
        "title_in_its_sentence",
        "An error page repeats the listed title in its sentence.",
        (
            "Error",
            "<h1>We are sorry</h1><p>The document “{title}” that you asked for cannot be shown at this "
            "time. Please try "
            "again later or write to the webmaster, and mention the number {number}.</p>",
        ),
        (
            "Error",
            "<h1>Lo sentimos</h1><p>El documento “{title}” que usted solicitó no puede mostrarse en este "
            "momento. Intente "
            "más tarde o escriba al administrador del sitio y mencione el número {number}.</p>",
        ),
    ),
    stands_in(
        "cookie_wall",
        "First consent is wanted.",
        (
            "Before you continue",
            "<main><h1>Before you continue</h1><p>We use cookies to deliver this website and to measure its "
            "use. Choose "
            "what you agree to; you can change this at any time in the settings of this "
            "page.</p><button>Accept all"
            "</button><button>Reject</button></main>",
        ),
        (
            "Antes de continuar",
            "<main><h1>Antes de continuar</h1><p>Usamos cookies para prestar este servicio y para medir su "
            "uso. Elija qué "
            "acepta; puede cambiarlo en cualquier momento en la configuración de esta "
            "página.</p><button>Aceptar todo"
            "</button><button>Rechazar</button></main>",
        ),
    ),
    stands_in(
        "login",
        "First a name and a password are wanted.",
        (
            "Sign in",
            '<main><h1>Sign in</h1><form method="post" action="/login"><label>User name <input '
            'name="user"></label>'
            '<label>Password <input type="password" name="password"></label><button>Sign '
            "in</button></form></main>",
        ),
        (
            "Acceso",
            '<main><h1>Acceso</h1><form method="post" action="/acceso"><label>Usuario <input '
            'name="u"></label><label>'
            'Contraseña <input type="password" name="p"></label><button>Entrar</button></form></main>',
        ),
    ),
    stands_in(
        "age_gate",
        "First an age is wanted.",
        (
            "Please confirm your age",
            "<h1>How old are you?</h1><p>This content is meant for adults. Please confirm that you are at "
            "least eighteen "
            "years old to go on to the page that you asked for.</p><button>Yes</button><button>No</button>",
        ),
        (
            "Confirme su edad",
            "<h1>¿Es usted mayor de edad?</h1><p>Este contenido es para personas adultas. Confirme que "
            "tiene al menos "
            "dieciocho años para seguir a la página que solicitó.</p><button>Sí</button><button>No</button>",
        ),
    ),
    stands_in(
        "unavailable_in_region",
        "The content is not for readers from here.",
        (
            "Content not available in your region",
            "<h1>This content is not available in your region</h1><p>Because of the rules that apply in "
            "your country, we "
            "cannot show you what you asked for. If you think that this is a mistake, please write to "
            "us.</p>",
        ),
        (
            "Contenido no disponible en su región",
            "<h1>Este contenido no está disponible en su región</h1><p>Por las normas que se aplican en su "
            "país no podemos "
            "mostrarle lo que solicitó. Si cree que se trata de un error, escríbanos por favor.</p>",
        ),
    ),
    stands_in(
        "waiting_room",
        "There are too many readers, and one waits in line.",
        (
            "You are now in line",
            "<h1>You are now in line</h1><p>Many people want to see this page. When it is your turn, you "
            "will have ten "
            "minutes to enter the website. Your estimated wait time is {number} minutes.</p>",
        ),
        (
            "Está en la fila",
            "<h1>Está usted en la fila</h1><p>Muchas personas quieren ver esta página. Cuando sea su turno "
            "tendrá diez "
            "minutos para entrar al sitio. Su tiempo de espera es de {number} minutos.</p>",
        ),
    ),
    stands_in(
        "survey",
        "A survey stands before everything.",
        (
            "Your opinion counts",
            "<h1>Your opinion counts</h1><p>Help us make this site better. Answer five questions about how "
            "you use it, and "
            "then go on to what you came for. It will take less than two minutes of your time.</p>",
        ),
        (
            "Su opinión cuenta",
            "<h1>Su opinión cuenta</h1><p>Ayúdenos a mejorar este sitio. Responda cinco preguntas sobre "
            "cómo lo usa y "
            "después siga a lo que venía a ver. Le tomará menos de dos minutos de su tiempo.</p>",
        ),
    ),
)
