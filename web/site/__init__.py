"""The public site: pages of the desk as files, without what is not for everybody."""
