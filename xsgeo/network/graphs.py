"""A network as the matrix scipy's searches take, and the parts it falls into.

Traps kept out: scipy adds up repeated entries of a sparse matrix (3 and 4 minutes on parallel edges became 7) and
drops zeros that arrive through a dense one, so `adjacency` takes the least of parallel arcs itself and stores zeros
explicitly.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from xsgeo.network.model import Floats, Ints, Network, arcs
from xsgeo.search.arcs import least_arcs


def adjacency(start: Ints, end: Ints, minutes: Floats, n_nodes: int) -> csr_array:
    """Arrange arcs as the sparse matrix that scipy's searches take.

    Of parallel arcs the least stays, loops go, and arcs of no minutes stay as stored zeros.

    Parameters
    ----------
    start, end
        Nodes by number.
    minutes
        Minutes of each arc, none negative.
    n_nodes
        Rows and columns of the matrix.

    Examples
    --------
    >>> import numpy as np
    >>> matrix = adjacency(np.array([0, 0, 1]), np.array([1, 1, 2]), np.array([4.0, 3.0, 0.0]), 3)
    >>> matrix.data.tolist(), matrix.indices.tolist(), matrix.indptr.tolist()
    ([3.0, 0.0], [1, 2], [0, 1, 2, 2])
    """
    first, ends, least = least_arcs(start, end, minutes, n_nodes)
    return csr_array((least, ends.astype(np.int32), first.astype(np.int32)), shape=(n_nodes, n_nodes))


def components(network: Network, mode: str) -> pd.Series[int]:
    """Number the parts of the network within which a mode can go from every node to every other and back.

    A part of its own is an island without a ferry, or a one-way street that leads in and never out.

    Parameters
    ----------
    network
        From `build_network`.
    mode
        One of `xsgeo.settings.MODES`; ferries that carry the mode count.

    Returns
    -------
    pandas.Series
        ``components`` by node id, 0 for the part with most nodes (then the least id); nodes that no road or ferry of
        the mode touches are left out.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> roads = build_network(county.roads, county.ferries, county.land, closed_ferries=["Y1"])
    >>> components(roads, "walk").to_dict()
    {'A': 0, 'B': 0, 'C': 0, 'D': 0, 'E': 1, 'F': 1}
    """
    start, end, minutes = arcs(network, mode=mode)
    _, label = connected_components(
        adjacency(start, end, minutes, network.graph_size(mode)), directed=True, connection="strong"
    )
    touched = np.unique(np.concatenate([start, end]))
    touched = touched[touched < len(network.node_ids)]
    _, first, inverse, size = np.unique(label[touched], return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(size), dtype=np.intp)
    # Nodes are in the order of their ids, so the first node of a part is its least id.
    rank[np.lexsort((first, -size))] = np.arange(len(size))
    index = pd.Index(network.node_ids[touched], name="node_id")
    return pd.Series(rank[inverse], index=index, name="components")
