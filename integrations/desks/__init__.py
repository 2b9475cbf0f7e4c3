"""What imports and exports have to know of deals, products and users, a desk for each (base.py).

Contacts and companies, which share their addresses and come mixed in one file, are the machinery's own.
"""

from integrations.desks.base import Desk
from integrations.desks.deals import DealDesk
from integrations.desks.products import ProductDesk
from integrations.desks.users import UserDesk

DESKS: dict[str, type[Desk]] = {desk.kind: desk for desk in (DealDesk, ProductDesk, UserDesk)}
