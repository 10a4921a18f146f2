ROOT_URLCONF = "site.urls"
INSTALLED_APPS = ["django.contrib.admin", "django.contrib.staticfiles"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
]
STATIC_URL = "static/"
