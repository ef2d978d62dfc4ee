"""The market: who pays, who earns, and what a shortage does."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policymix.assumptions import central_world
from policymix.balance_market import solve_market
from policymix.market import (
    HIGHEST_REL_PRICE,
    LOWEST_REL_POLICING,
    LOWEST_REL_PRICE,
    Market,
    MarketNumbers,
    Sales,
    Supply,
    sales_today,
)
from policymix.units import GRAMS_PER_KG, MILLION, million_usd_per_month

WORLD = central_world()
TODAY = solve_market(WORLD)
WANTED = TODAY.consumption_today
NOTHING = Supply(0.0, 0.0, 0.0, 0.0, TODAY.confiscated_share, 1.0)


def supply(market: Market, seized: float | None = None, **changes: float) -> Supply:
    """What is shipped, less the share `seized` (today's unless told)."""
    n = market.numbers
    share = 1.0 - n.consumption_today / n.shipped_today if seized is None else seized
    shipped = market.shipments
    normal = Supply(shipped, share * shipped, 0.0, n.members_today, n.confiscated_share, 1.0)
    return normal._replace(**changes)


def with_seized(wave: float, numbers: MarketNumbers = TODAY, months: int = 3) -> list[Sales]:
    """Months in which `wave` of what would have been delivered is seized too."""
    market = Market(numbers)
    usual = 1.0 - numbers.consumption_today / numbers.shipped_today
    taken = usual + (1.0 - usual) * wave
    return [market.clear(supply(market, taken), WANTED) for _ in range(months)]


def test_today_is_what_the_ledger_says() -> None:
    """$67 bn a year for 192 tonnes: $349 a gram, 84.6 % of it inside the country."""
    sales = sales_today(TODAY)
    assert sales.retail_price == pytest.approx(67e9 / 192e6)
    assert sales.retail_spending == pytest.approx(million_usd_per_month(67.0))
    assert sales.dealer_revenue / sales.retail_spending == pytest.approx(0.846)
    assert sales.bribes == pytest.approx(million_usd_per_month(1.2))
    assert sales.confiscated == pytest.approx(0.004 * sales.cartel_revenue)
    assert sales.cartel_profit > 0.0


def test_today_goes_on_for_ever_if_nothing_changes() -> None:
    market, first = Market(TODAY), sales_today(TODAY)
    for _ in range(120):
        sales = market.clear(supply(market), WANTED)
        assert not market.is_at_bound
    assert market.stock == pytest.approx(TODAY.stock_months * WANTED)
    assert market.shipments == pytest.approx(TODAY.shipped_today)
    assert sales.retail_price == pytest.approx(first.retail_price)


def test_grams_a_person_add_up_to_today_s_consumption() -> None:
    addicted, treated = 7e6 * (1 - 0.18), 7e6 * 0.18
    wanted = Market(TODAY).wanted_today(6e6, addicted, treated)
    assert wanted == pytest.approx(192_000 / 12)
    each = [Market(TODAY).wanted_today(*one) for one in ((1, 0, 0), (0, 1, 0), (0, 0, 1))]
    assert each[1] / each[0] == pytest.approx(WORLD.number("rel_use_addicted", "ratio"))
    assert each[2] / each[1] == pytest.approx(WORLD.number("rel_use_in_treatment", "ratio"))


@given(
    seized=st.floats(0.0, 0.999),
    destroyed=st.floats(0.0, 0.999),
    wanted=st.floats(0.0, 1e6),
    policing=st.floats(0.0, 50.0),
    members=st.floats(0.0, 1e6),
    confiscated=st.floats(0.0, 0.88),
    pass_through=st.floats(0.0, 1.0),
    elasticity=st.floats(-3.0, 0.0),
)
def test_money_and_grams_add_up_whatever_comes(
    seized: float,
    destroyed: float,
    wanted: float,
    policing: float,
    members: float,
    confiscated: float,
    pass_through: float,
    elasticity: float,
) -> None:
    market = Market(replace(TODAY, pass_through=pass_through, amount_elasticity=elasticity))
    for _ in range(3):
        stock = market.stock
        left = market.shipments * (1.0 - seized)
        brought = supply(market, seized, destroyed=destroyed * left, members=members,
                         policing=policing, confiscated_share=confiscated)  # fmt: skip
        sales = market.clear(brought, wanted)
        paid = sales.retail_price * sales.consumption * GRAMS_PER_KG / MILLION
        shared = sales.dealer_revenue + sales.cartel_revenue
        takings = sales.cartel_costs + sales.bribes + sales.confiscated + sales.cartel_profit
        assert sales.retail_spending == pytest.approx(paid)
        assert shared == pytest.approx(paid)
        assert takings == pytest.approx(sales.cartel_revenue, abs=1e-9 * max(1.0, takings))
        assert market.stock - stock == pytest.approx(
            brought.delivered - sales.consumption, abs=1e-6
        )
        assert market.stock >= 0.0 <= min(sales.consumption, sales.dealer_revenue, shared)
        assert LOWEST_REL_PRICE <= market.rel_price <= HIGHEST_REL_PRICE
        assert 0.0 <= market.shipments < float("inf")


def test_seizing_nearly_everything_puts_the_price_at_its_bound() -> None:
    market = Market(TODAY)
    prices = [market.clear(supply(market, 0.999), WANTED).retail_price for _ in range(12)]
    assert prices[0] < HIGHEST_REL_PRICE * TODAY.price_today
    assert market.rel_price == HIGHEST_REL_PRICE
    assert market.is_at_bound
    assert prices[-1] == pytest.approx(HIGHEST_REL_PRICE * TODAY.price_today)


def test_without_users_nothing_is_sold_and_the_price_falls_to_its_bound() -> None:
    market = Market(TODAY)
    sales = market.clear(supply(market), 0.0)
    assert sales.retail_spending == sales.cartel_revenue == sales.consumption == 0.0
    assert market.rel_price == LOWEST_REL_PRICE
    assert sales.cartel_profit < 0.0
    assert market.shipments < TODAY.shipped_today


def test_without_cartels_the_stock_runs_out_and_no_one_earns() -> None:
    market = Market(TODAY)
    months = [market.clear(NOTHING, WANTED) for _ in range(12)]
    sold = sum(month.consumption for month in months)
    assert sold + market.stock == pytest.approx(TODAY.stock_months * WANTED)
    assert market.stock == pytest.approx(0.0, abs=1e-6)
    assert months[-1].retail_spending == pytest.approx(0.0, abs=1e-6)
    assert all(month.cartel_costs == 0.0 for month in months)


@pytest.mark.parametrize(
    ("elasticity", "rises"), [(-0.2, True), (-0.45, True), (-0.9, True), (-1.2, False), (-2, False)]
)
def test_a_seizure_wave_raises_what_users_pay_unless_demand_is_elastic(
    elasticity: float, rises: bool
) -> None:
    """Fact 8 of the evidence: 30 % seized upstream for three months; it flips beyond -1 (F20)."""
    numbers = replace(TODAY, amount_elasticity=elasticity)
    paid = sum(month.retail_spending for month in with_seized(0.3, numbers))
    before = 3 * sales_today(numbers).retail_spending
    assert (paid > 1.01 * before) == rises
    assert (paid < 0.99 * before) == (not rises)


def test_a_seizure_wave_raises_cartels_revenue_under_inelastic_demand() -> None:
    revenue = sum(month.cartel_revenue for month in with_seized(0.3))
    assert revenue > 3 * sales_today(TODAY).cartel_revenue


@pytest.mark.parametrize("more", [0.05, 0.2])
def test_pass_through_decides_how_much_of_a_dearer_import_reaches_the_street(more: float) -> None:
    """Between its share of the retail price, added (E6: 15.4 %), and all of it, multiplied."""
    rises = {}
    for pass_through in (0.0, 0.5, 1.0):
        kept = 1.0 - TODAY.bribe_share - TODAY.confiscated_share
        dearer = replace(
            TODAY, pass_through=pass_through, margin=TODAY.margin + more * TODAY.import_today * kept
        )
        market = Market(replace(dearer, scarcity_exponent=0.0))
        market.clear(supply(market), WANTED)
        rises[pass_through] = market.rel_price - 1.0
    foreign = 1.0 - WORLD.number("share_retail_domestic", "share")
    assert rises[0.0] == pytest.approx(foreign * more)
    assert rises[1.0] == pytest.approx(more)
    assert rises[0.5] == pytest.approx((rises[0.0] + rises[1.0]) / 2)


def test_doubled_policing_raises_the_price_by_two_percent() -> None:
    """Fact 4 of the evidence: 1 to 4 %, from an elasticity of 0.035 on the domestic part."""
    market = Market(replace(TODAY, scarcity_exponent=0.0))
    market.clear(supply(market, policing=2.0), WANTED)
    assert market.rel_price - 1.0 == pytest.approx(0.846 * (2**0.035 - 1.0))
    assert 0.01 < market.rel_price - 1.0 < 0.04


def test_below_a_fifteenth_of_today_s_policing_the_price_falls_no_further() -> None:
    prices = []
    for policing in (1.0, LOWEST_REL_POLICING, LOWEST_REL_POLICING / 10, 0.0):
        market = Market(TODAY)
        prices.append(market.clear(supply(market, policing=policing), WANTED).retail_price)
    assert prices[0] > prices[1] == prices[2] == prices[3]


@pytest.mark.parametrize("stock", [0.2, 0.6, 1.0, 3.0])
def test_shipments_follow_scarcity(stock: float) -> None:
    """They grow by 0.3 ln s a month, s being price over cost."""
    market = Market(TODAY)
    market.stock *= stock
    sales = market.clear(supply(market), WANTED)
    scarcity = sales.retail_price / TODAY.price_today
    adjustment = WORLD.number("shipment_adjustment", "elasticity")
    assert market.shipments == pytest.approx(TODAY.shipped_today * scarcity**adjustment)
    offered = (stock + 1.0) / 2.0  # a month's stock and a month's delivery, relative to today's
    assert scarcity == pytest.approx(offered ** -WORLD.number("scarcity_exponent", "elasticity"))


def test_a_shortage_passes_within_half_a_year() -> None:
    """Fact 9 of the evidence: 60 % of supply cut once; price x2-3, back within 4-6 months."""
    market = Market(TODAY)
    market.shipments *= 0.4
    prices = [market.clear(supply(market), WANTED).retail_price for _ in range(36)]
    relative = [price / TODAY.price_today for price in prices]
    assert 2.0 <= max(relative) <= 3.0
    back = next(month for month, price in enumerate(relative, start=1) if price < 1.1)
    assert 4 <= back <= 6
    assert market.shipments == pytest.approx(TODAY.shipped_today, rel=0.01)


def test_few_members_who_carry_much_cost_more() -> None:
    costs, elasticity = [], WORLD.number("labour_elasticity", "elasticity")
    for members in (TODAY.members_today, TODAY.members_today / 4):
        market = Market(TODAY)
        costs.append(market.clear(supply(market, members=members), WANTED).cartel_costs)
    wages = TODAY.labour * WANTED * GRAMS_PER_KG / MILLION
    assert costs[1] - costs[0] == pytest.approx(wages * (4**elasticity - 1.0))


def test_more_money_confiscated_is_less_profit_and_hardly_a_price() -> None:
    months = []
    for share in (TODAY.confiscated_share, 5 * TODAY.confiscated_share):
        market = Market(TODAY)
        months.append(market.clear(supply(market, confiscated_share=share), WANTED))
    today, more = months
    assert more.confiscated / more.cartel_revenue == pytest.approx(5 * 0.004)
    assert 1.0 < more.retail_price / today.retail_price < 1.01
    assert more.cartel_profit / more.cartel_revenue < today.cartel_profit / today.cartel_revenue
