"""The web app: `streamlit run app.py`."""

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from explorer.ui.routes import routes
from explorer.ui.visitor import VisitorCookie
from explorer.ui.warm_up import lifespan

app = st.App(
    "explorer/ui/main.py",
    routes=routes,
    middleware=[Middleware(VisitorCookie), Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)],
    lifespan=lifespan,
)
