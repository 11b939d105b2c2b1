"""The results that the catalogue holds of torchvision's weights, against torchvision's own metadata."""

from __future__ import annotations

import pytest
from torchvision.models import get_model_weights, get_weight

from explorer.catalogue import torchvision_weights as catalogue
from explorer.catalogue.torchvision_weights import WEIGHTS

# What the metadata's own words on each recipe have in them.
WORDS = {
    catalogue.SIMPLE: ("using a simpl", "training recipe"),
    catalogue.NEW: ("TorchVision's `new training recipe",),
    catalogue.NEW_600: ("TorchVision's `new training recipe",),
    catalogue.NEW_MODIFIED: ("a modified version of TorchVision's `new training recipe",),
    catalogue.SIMILAR: ("using a similar training recipe",),
    catalogue.REPRODUCED: ("reproduce closely the results of the paper.",),
    catalogue.PORTED: ("ported from the original paper",),
    catalogue.DEIT: ("a modified version of `DeIT",),
    catalogue.SWAG: ("end-to-end fine-tuning the original `SWAG",),
    catalogue.SWAG_LINEAR: ("original frozen `SWAG", "a linear classifier"),
}


@pytest.mark.parametrize("builder", WEIGHTS)
def test_results_are_those_of_torchvisions_metadata(builder: str) -> None:
    for result, (name, _, _, side, recipe) in zip(catalogue.results_of(builder), WEIGHTS[builder], strict=True):
        weights = get_weight(name)
        published = weights.meta["_metrics"]["ImageNet-1K"]
        assert result.top1_error == pytest.approx(100 - published["acc@1"], abs=1e-9)
        assert result.top5_error == pytest.approx(100 - published["acc@5"], abs=1e-9)
        assert weights.transforms().crop_size == [side]
        words = " ".join(weights.meta["_docs"].split())
        assert all(part in words for part in WORDS[recipe]), words
        assert ("modified version" in words) == (recipe in (catalogue.NEW_MODIFIED, catalogue.DEIT))
        assert ("issues/3995" in weights.meta["recipe"]) == (recipe == catalogue.NEW_600) or "modified" in recipe


@pytest.mark.parametrize("builder", WEIGHTS)
def test_no_weights_are_left_out_but_those_of_another_network(builder: str) -> None:
    listed = [get_weight(name) for name, *_ in WEIGHTS[builder]]
    (params,) = {weights.meta["num_params"] for weights in listed}
    others = [weights for weights in get_model_weights(builder) if weights not in listed]
    assert all(weights.meta["num_params"] != params for weights in others)
