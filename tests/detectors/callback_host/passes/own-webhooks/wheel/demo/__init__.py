PATH = "/webhook.site-settings"
TOAST = "toast.me/now"
