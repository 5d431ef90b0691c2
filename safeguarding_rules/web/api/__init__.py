"""The HTTP API: decisions for products written in other languages. `app.build` makes an ASGI application; `safeguarding-rules serve` runs it."""
