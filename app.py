"""The dashboard's list of pages. `make run`, or: streamlit run app.py"""

import streamlit as st

from pages.components import address, frame, style
from pages.i18n import _

st.set_page_config(page_title="Redvest 红马甲", page_icon=str(style.VEST_ICON), layout="wide")
st.logo(str(style.WORDMARK), size="large")
address.begin()
pages = [
    st.Page("pages/overview.py", title=_("Overview"), default=True),
    st.Page("pages/cities.py", title=_("Cities compared"), url_path="cities"),
    st.Page("pages/districts.py", title=_("Districts compared"), url_path="districts"),
    st.Page("pages/analyses.py", title=_("Analyses"), url_path="analyses"),
    st.Page("pages/revisions.py", title=_("Revisions"), url_path="revisions"),
    st.Page("pages/definitions.py", title=_("Definitions"), url_path="definitions"),
    st.Page("pages/drops.py", title=_("Drops"), url_path="drops"),
]
frame.run(st.navigation(pages, position="top"))
