"""A shop that calls its services, minute by minute."""

from faultlab.design.shops.shop import SHOP, Dependency, Fault, Page, Shop, ShopDay
from faultlab.design.shops.shop_simulation import simulate_shop
