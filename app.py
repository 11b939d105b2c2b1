"""The web app: `streamlit run app.py`."""

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from streamlit import config

from explorer import pictures, settings
from explorer.ui.routes import routes
from explorer.ui.visitor import VisitorCookie
from explorer.ui.warm_up import lifespan

# Each widget says how much it takes; the server refuses what is more than the largest of them.
config.set_option(
    "server.maxUploadSize", max(settings.limits().upload_mebibytes, pictures.MOST_BYTES // 2**20), "app.py"
)
app = st.App(
    "explorer/ui/main.py",
    routes=routes,
    middleware=[Middleware(VisitorCookie), Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)],
    lifespan=lifespan,
)
