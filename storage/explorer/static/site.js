// Pages work without any of this; it only says that scripts run.
document.documentElement.classList.remove("no-js");
