"""Begg & Greenes (1983), Biometrics 39, 207-215: scans of the liver, not all of them verified.

Their data are of Drum & Christacopoulos (1972), Journal of Nuclear Medicine 13, 908-915: of 650
patients 429 had an abnormal scan, of whom 263 were verified and 231 had a disease of the liver; of
the 221 others 81 were verified, and 27 had one. Among those verified alone sensitivity would be .90
and specificity .63; corrected they are .84 and .74.
"""

from veedor.audits.alerts import Stratum, begg_greenes


def test_scans_of_the_liver():
    rates = begg_greenes(429, 263, 231, [Stratum("all", 221, 81, 27)])
    assert round(rates["tpr"].value, 2) == 0.84
    assert round(rates["tnr"].value, 2) == 0.74
    assert (round(231 / (231 + 27), 2), round(54 / (32 + 54), 2)) == (0.90, 0.63)
    for name, among_verified in (("tpr", 231 / 258), ("tnr", 54 / 86)):
        found = rates[name]
        assert found.low < found.value < found.high
        assert not found.low <= among_verified <= found.high
