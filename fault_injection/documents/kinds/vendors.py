"""Pages of vendors in the document's place: content networks, firewalls, publishing systems."""

from __future__ import annotations

from fault_injection.documents.kinds.standing_in import stands_in

VENDORS = (
    stands_in(
        "cloudflare_challenge",
        "Cloudflare wants to see a browser.",
        (
            "Just a moment...",
            '<div class="main-wrapper" role="main"><h1 '
            'class="zone-name-title">www.press.example</h1><h2>Checking if '
            "the site connection is secure</h2><p>Enable JavaScript and cookies to "
            "continue</p><p>www.press.example "
            "needs to review the security of your connection before proceeding.</p></div><script "
            'src="/cdn-cgi/'
            'challenge-platform/h/b/orchestrate/chl_page/v1"></script>',
        ),
    ),
    stands_in(
        "cloudflare_timed_out",
        "Cloudflare cannot reach the host behind it.",
        (
            "press.example | 522: Connection timed out",
            "<h1>Connection timed out <span>Error code 522</span></h1><p>Visit cloudflare.com for more "
            "information."
            "</p><h2>What happened?</h2><p>The initial connection between Cloudflare's network and the "
            "origin web "
            "server timed out. As a result, the web page can not be displayed.</p><h2>What can I "
            "do?</h2><p>Please "
            "try again in a few minutes. If you are the owner of this website, contact your hosting "
            "provider letting "
            "them know your web server is not completing requests.</p><p>Ray ID: 7f{number} • Your IP: "
            "203.0.113.9</p>",
        ),
    ),
    stands_in(
        "cloudflare_blocked",
        "Cloudflare's firewall does not want us.",
        (
            "Attention Required! | Cloudflare",
            "<h1>Sorry, you have been blocked</h1><h2>You are unable to access press.example</h2><h2>Why "
            "have I been "
            "blocked?</h2><p>This website is using a security service to protect itself from online "
            "attacks. The "
            "action you just performed triggered the security solution. There are several actions that "
            "could trigger "
            "this block including submitting a certain word or phrase, a SQL command or malformed "
            "data.</p><p>You can "
            "email the site owner to let them know you were blocked. Please include what you were doing "
            "when this page "
            "came up.</p>",
        ),
    ),
    stands_in(
        "akamai_denied",
        "Akamai refuses.",
        (
            "Access Denied",
            "<h1>Access Denied</h1><p>You don't have permission to access "
            '"http://www.press.example{address}" on '
            "this server.</p><p>Reference #18.{number}.1712</p>",
        ),
    ),
    stands_in(
        "akamai_reference",
        "Akamai could not process the request.",
        (
            "Error",
            "<h1>An error occurred while processing your request.</h1><p>Reference #30.{number}.1b2c</p><p>"
            "https://errors.edgesuite.net/30.{number}</p>",
        ),
    ),
    stands_in(
        "imperva_incident",
        "Imperva frames its own page, with an incident's number.",
        (
            "",
            '<iframe id="main-iframe" src="/_Incapsula_Resource?SWUDNSAI=31&incident_id={number}" '
            'frameborder="0" '
            'width="100%" height="100%">Request unsuccessful. Incapsula incident ID: {number}</iframe>',
        ),
        head='<meta name="ROBOTS" content="NOINDEX, NOFOLLOW">',
    ),
    stands_in(
        "imperva_error",
        "Imperva says in words that it stopped the request.",
        (
            "Pardon Our Interruption",
            "<h1>Pardon Our Interruption...</h1><p>As you were browsing, something about your browser made "
            "us think you "
            "might be a bot. There are a few reasons this might happen: you're a power user moving through "
            "this website "
            "with super-human speed; you've disabled cookies in your web browser; a third-party browser "
            "plugin is "
            "preventing JavaScript from running.</p><p>To regain access, please make sure that cookies and "
            "JavaScript "
            "are enabled before reloading the page.</p>",
        ),
    ),
    stands_in(
        "f5_rejected",
        "F5's firewall rejects the address.",
        (
            "Request Rejected",
            "The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID "
            "is: {number}"
            '<br><br><a href="javascript:history.back();">[Go Back]</a>',
        ),
        (
            "Solicitud rechazada",
            "La URL solicitada fue rechazada. Por favor consulte con su administrador.<br><br>Su número de "
            "soporte es: "
            '{number}<br><br><a href="javascript:history.back();">[Regresar]</a>',
        ),
    ),
    stands_in(
        "varnish_meditation",
        "Varnish meditates.",
        (
            "503 Backend fetch failed",
            "<h1>Error 503 Backend fetch failed</h1><p>Backend fetch failed</p><h3>Guru "
            "Meditation:</h3><p>XID: {number}"
            "</p><hr><p>Varnish cache server</p>",
        ),
    ),
    stands_in(
        "azure_front_door",
        "Azure's front door has no back.",
        (
            "Service unavailable",
            "<h2>Our services aren't available right now</h2><p>We're working to restore all services as "
            "soon as "
            "possible. Please check back soon.</p><p>0{number}AAAAAC</p>",
        ),
    ),
    stands_in(
        "wordpress_critical",
        "WordPress met a critical error.",
        (
            "WordPress › Error",
            '<div class="wp-die-message"><p>There has been a critical error on this website.</p><p><a href="https://'
            'wordpress.example/support/">Learn more about troubleshooting WordPress.</a></p></div>',
        ),
        (
            "WordPress › Error",
            '<div class="wp-die-message"><p>Ha habido un error crítico en esta web.</p><p><a href="https://'
            'wordpress.example/soporte/">Aprende más sobre el diagnóstico de WordPress.</a></p></div>',
        ),
    ),
    stands_in(
        "wordpress_database",
        "WordPress has no database.",
        (
            "Database Error",
            "<h1>Error establishing a database connection</h1><p>This either means that the username and "
            "password "
            "information in your wp-config.php file is incorrect or that contact with the database server "
            "could not be "
            "established. This could mean your host's database server is down.</p>",
        ),
        (
            "Error en la base de datos",
            "<h1>Error al establecer una conexión con la base de datos</h1>",
        ),
    ),
    stands_in(
        "drupal_maintenance",
        "Drupal is being updated.",
        (
            "Site under maintenance | Press",
            "<header><h1>Site under maintenance</h1></header><main><p>Press is currently under maintenance. "
            "We should be "
            "back shortly. Thank you for your patience.</p></main>",
        ),
        (
            "Sitio en mantenimiento | Prensa",
            "<header><h1>Sitio en mantenimiento</h1></header><main><p>Prensa se encuentra actualmente en "
            "mantenimiento. "
            "Estaremos de vuelta en breve. Gracias por su paciencia.</p></main>",
        ),
    ),
    stands_in(
        "drupal_unexpected",
        "Drupal met an error that it does not explain.",
        ("Error", "The website encountered an unexpected error. Please try again later."),
        ("Error", "El sitio web encontró un error inesperado. Por favor, inténtelo de nuevo más tarde."),
    ),
)
