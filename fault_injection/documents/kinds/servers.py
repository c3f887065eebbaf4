"""Pages of web servers and their frameworks in the document's place."""

from __future__ import annotations

from fault_injection.documents.kinds.standing_in import stands_in

SERVERS = (
    stands_in(
        "aspnet_error",
        "ASP.NET shows its yellow page.",
        (
            "Runtime Error",
            "<h1>Server Error in '/' Application.<hr></h1><h2><i>Runtime Error</i></h2><b>Description: "
            "</b>An "
            "application error occurred on the server. The current custom error settings for this "
            "application prevent "
            "the details of the application error from being viewed remotely (for security reasons). It "
            "could, however, "
            "be viewed by browsers running on the local server machine.<p><b>Details:</b> To enable the "
            "details of this "
            "specific error message to be viewable on remote machines, please create a customErrors tag.</p>",
        ),
        (
            "Error de tiempo de ejecución",
            "<h1>Error de servidor en la aplicación '/'.<hr></h1><h2><i>Error de tiempo de ejecución</i></h2>"
            "<b>Descripción: </b>Se ha producido un error de la aplicación en el servidor. La configuración "
            "actual de "
            "errores personalizados para esta aplicación no permite que los detalles del error se vean de "
            "forma remota "
            "(por razones de seguridad). No obstante, pueden verse en exploradores que se ejecuten en el "
            "equipo local.",
        ),
    ),
    stands_in(
        "sharepoint_error",
        "SharePoint went wrong.",
        (
            "Error",
            '<div id="ms-error"><h1>Sorry, something went wrong</h1><p>An unexpected error has '
            "occurred.</p><p>Technical "
            "Details</p><p>Troubleshoot issues with Microsoft SharePoint Foundation.</p><p>Correlation ID: "
            "{number}</p>"
            "<p>Date and Time: 5/14/2031 10:14:01 AM</p></div>",
        ),
        (
            "Error",
            '<div id="ms-error"><h1>Lo sentimos, algo salió mal</h1><p>Se produjo un error '
            "inesperado.</p><p>Detalles "
            "técnicos</p><p>Solucionar problemas con Microsoft SharePoint Foundation.</p><p>Id. de "
            "correlación: {number}"
            "</p></div>",
        ),
    ),
    stands_in(
        "iis_welcome",
        "A new IIS greets.",
        (
            "IIS Windows Server",
            '<div id="container"><a href="https://go.example/fwlink/?linkid=66138"><img src="iisstart.png" '
            'alt="IIS" '
            'width="960" height="600"></a></div>',
        ),
    ),
    stands_in(
        "iis_error",
        "IIS says that the resource was moved or is unavailable.",
        (
            "404 - File or directory not found.",
            '<div id="header"><h1>Server Error</h1></div><div id="content"><fieldset><h2>404 - File or '
            "directory not "
            "found.</h2><h3>The resource you are looking for might have been removed, had its name changed, "
            "or is "
            "temporarily unavailable.</h3></fieldset></div>",
        ),
        (
            "404 - No se encontró el archivo o directorio.",
            '<div id="header"><h1>Error del servidor</h1></div><div id="content"><fieldset><h2>404 - No se '
            "encontró el "
            "archivo o directorio.</h2><h3>Puede que se haya quitado el recurso que está buscando, que se "
            "le haya "
            "cambiado el nombre o que no esté disponible temporalmente.</h3></fieldset></div>",
        ),
    ),
    stands_in(
        "nginx_welcome",
        "A new nginx greets.",
        (
            "Welcome to nginx!",
            "<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully "
            "installed and "
            "working. Further configuration is required.</p><p>For online documentation and support please "
            "refer to "
            '<a href="http://nginx.example/">nginx.example</a>.</p><p><em>Thank you for using '
            "nginx.</em></p>",
        ),
    ),
    stands_in(
        "nginx_error",
        "nginx on a Red Hat machine cannot go on.",
        (
            "The page is temporarily unavailable",
            "<h1>nginx error!</h1><h3>The page you are looking for is not found.</h3><h3>Website "
            "Administrator</h3>"
            "<p>Something has triggered missing webpage on your website. This is the default 404 error page "
            "for nginx "
            "that is distributed with Red Hat Enterprise Linux. It is located "
            "/usr/share/nginx/html/404.html</p>",
        ),
    ),
    stands_in(
        "apache_works",
        "A new Apache works.",
        ("Apache2 Default Page: It works", "<h1>It works!</h1>"),
    ),
    stands_in(
        "apache_index",
        "Apache lists a folder.",
        (
            "Index of {address}",
            "<h1>Index of {address}</h1><pre>Name  Last modified  Size  Description<hr>"
            '<a href="/">Parent Directory</a>  -\n<a href="old/">old/</a> 2029-01-04 10:11 '
            "-\n<hr></pre><address>Apache "
            "Server at www.press.example Port 443</address>",
        ),
    ),
)
