"""Scrapy's settings for every crawl, each that differs from the default with its reason.

What depends on the workspace (user agent, delays, limits) is added by
`crawler.engine.extensions.WorkspaceAddon`; nothing a workspace says can loosen what stands here.
"""

BOT_NAME = "marsad"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
ADDONS = {"crawler.engine.extensions.WorkspaceAddon": 0}
# Of Scrapy's own parts only those that we use: one that is set to None is loaded all the same, a
# tenth of a second at each start to find that it is off. What a later release adds does not come by
# itself, which is why Scrapy advises against these three settings, and why we ask for one release.
EXTENSIONS_BASE: dict[str, int] = {}  # two of them open ports; our own lines say what others count
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
}
SPIDER_MIDDLEWARES_BASE = {"scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25}

EXTENSIONS = {
    "crawler.engine.extensions.Progress": 0,
    "crawler.engine.diskguard.DiskGuard": 0,
}
ITEM_PIPELINES = {
    "crawler.engine.pipelines.Read": 100,
    "crawler.engine.pipelines.Capture": 200,
    "crawler.engine.pipelines.Save": 300,
}

# --- nobody gets in: both open local ports that run arbitrary code, and are on by default
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# --- only the web, only public addresses, checked certificates
DOWNLOAD_HANDLERS = {
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
    "http": "crawler.engine.pace.PacedHandler",
    "https": "crawler.engine.pace.PacedHandler",
}
TWISTED_DNS_RESOLVER = "crawler.engine.guard.GuardedResolver"
DOWNLOAD_VERIFY_CERTIFICATES = True
HTTPPROXY_ENABLED = False  # a proxy from the environment would resolve names past the guard;
# the egresses of marsad.toml are taken by `crawler.engine.pace.PacedHandler`
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"
METAREFRESH_ENABLED = False
REDIRECT_MAX_TIMES = 5
URLLENGTH_LIMIT = 0  # our own check counts what it refuses; Scrapy's drops it in silence
HTTPERROR_ALLOW_ALL = True  # every status is an outcome, decided in one place
DOWNLOAD_FAIL_ON_DATALOSS = True  # half a page is never a page

# --- polite: one request at a time per host; the pause between two is the handler's business
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
PER_HOST_QUEUE = 8  # requests per host that may leave the queue: one on the wire, others behind it
CONCURRENT_ITEMS = 4  # tasks that Scrapy makes for each answer, which brings one item; it makes 100
DOWNLOAD_DELAY = 0  # the pause is kept in the database, so that it holds across processes
SCHEDULER_PRIORITY_QUEUE = "crawler.engine.pace.FairQueue"
RETRY_ENABLED = False  # ours knows Retry-After and waits; Scrapy's tries again at once
DOWNLOADER_MIDDLEWARES = {
    "crawler.engine.routes.Routes": 50,
    "crawler.engine.robots.StrictRobots": 100,
    "crawler.engine.pace.SecondChance": 550,
    "crawler.engine.capture.WireBody": 895,  # below decompression: evidence is the wire's bytes
}

# --- bounded: a second limit below what a workspace may set
DOWNLOAD_MAXSIZE = 8_000_000
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 20_000_000  # bytes of pages waiting for a reader

REACTOR_THREADPOOL_MAXSIZE = 20  # name look-ups
LOG_LEVEL = "INFO"
LOG_INSTALL_ROOT_HANDLER = False  # Scrapy's would write addresses and items: see crawler.logs
LOG_FORMATTER = "crawler.engine.extensions.QuietFormatter"
STATS_DUMP = False
