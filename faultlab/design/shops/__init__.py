"""A shop that calls its services, minute by minute."""

from faultlab.design.shops.shop import SHOP, Fault, ShopDay
from faultlab.design.shops.shop_simulation import simulate_shop
