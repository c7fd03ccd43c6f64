"""Which records links hold together, found by joins: for links that no one machine holds.

Stars, large and small in turn (Kiveris, Lattanzi, Mirrokni, Rastogi and Vassilvitskii, Connected Components in
MapReduce and Beyond, 2014): each record is linked with the first of those that it is linked with, until nothing
changes. A long chain takes as many rounds as the square of its logarithm, not as it has links.
"""

import narwhals.stable.v2 as nw

from torogoz.statistics.engine import Engine, Lazy


def components(engine: Engine, links: Lazy) -> Lazy:
    """The component of each record that has a link, named by the first of its ids: id, component.

    links   left, right: ids, the lesser in `left`, each link once
    """
    stars = engine.kept(links.select(later=nw.col("right"), first=nw.col("left")))
    while True:
        again = engine.kept(_small_stars(_large_stars(stars)))
        changed = again.join(stars, on=["later", "first"], how="anti")
        left_out = stars.join(again, on=["later", "first"], how="anti")
        more, fewer = engine.collect([_rows(changed), _rows(left_out)])
        stars = again
        if not more.item() and not fewer.item():
            break
    own = nw.col("first")
    firsts = stars.group_by("first").agg(nw.len().alias("rows")).select(id=own, component=own)
    return engine.kept(nw.concat([firsts, stars.select(id=nw.col("later"), component=own)]))


def _rows(frame: Lazy) -> Lazy:
    return frame.select(rows=nw.len())


def _large_stars(links: Lazy) -> Lazy:
    """Each record that is later than one it is linked with, linked with the first that the other knows of."""
    known = nw.concat(
        [
            links.select(one=nw.col("later"), other=nw.col("first")),
            links.select(one=nw.col("first"), other=nw.col("later")),
        ]
    )
    firsts = known.group_by("one").agg(nw.col("other").min().alias("least"))
    after = known.filter(nw.col("other") > nw.col("one")).join(firsts, on="one")
    least = nw.when(nw.col("least") < nw.col("one")).then(nw.col("least")).otherwise(nw.col("one"))
    return _once(after.select(later=nw.col("other"), first=least))


def _small_stars(links: Lazy) -> Lazy:
    """Each record, and the earlier ones that it is linked with, linked with the first of them."""
    firsts = links.group_by("later").agg(nw.col("first").min().alias("least"))
    others = links.join(firsts, on="later").filter(nw.col("first") != nw.col("least"))
    return _once(
        nw.concat(
            [
                others.select(later=nw.col("first"), first=nw.col("least")),
                firsts.select(later=nw.col("later"), first=nw.col("least")),
            ]
        )
    )


def _once(links: Lazy) -> Lazy:
    return links.group_by("later", "first").agg(nw.len().alias("rows")).select("later", "first")
