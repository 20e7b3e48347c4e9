"""How the truths beside this file were made: outlines drawn by hand, their edges by closed-form
matting. No network and no code of ours took part; README.md says more.

uv run python tests/data/truth/make.py
"""

from importlib.resources import files
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image
from pymatting import estimate_alpha_cf

HERE = Path(__file__).parent
PHOTOS = files("skimage.data")

DRAWN: dict[str, tuple[int, list[str]]] = {
    "astronaut.png": (
        4,
        [
            # With the helmet that she holds.
            """+ 42,512 35,500 23,462 23,422 21,408 23,366 27,328 40,300 45,281 54,260 73,241
            94,223 112,206 115,188 123,176 136,162 155,151 183,149 183,134 171,127 169,117 162,106
            154,80 154,66 164,51 183,37 192,30 216,19 234,16 258,20 279,33 293,54 301,82 298,103
            288,120 277,129 277,134 267,137 263,155 257,171 277,185 295,206 305,230 328,251
            345,270 354,286 359,309 364,333 364,348 398,344 429,348 455,363 474,382 488,405
            495,431 497,452 506,454 512,462 512,512""",
        ],
    ),
    "chelsea.png": (
        5,
        [
            """+ 40,0 38,20 33,40 32,60 31,80 31,95 28,108 16,118 0,126 0,300 296,300 303,275
            311,258 316,240 316,225 320,214 333,203 342,190 350,175 357,155 360,140 361,120
            358,105 355,90 356,75 358,68 368,58 374,45 378,28 390,12 398,0""",
        ],
    ),
    "coffee.png": (
        3,
        [
            # Cup, saucer and spoon.
            """+ 77,230 76,215 78,195 83,172 88,150 107,125 120,112 150,87 175,72 178,86 187,65
            210,42 240,27 280,18 320,22 360,37 390,62 398,70 401,67 410,66 422,70 424,77 419,97
            416,107 435,120 455,145 470,172 477,200 479,220 475,250 465,277 445,312 420,337
            390,360 350,380 300,389 260,385 215,376 170,355 130,325 100,287 85,260""",
        ],
    ),
    "rocket.jpg": (
        2,
        [
            # Without the tower that holds it.
            """+ 322,127 314,139 311,150 311,177 314,181 314,311 312,333 312,406 332,406 332,333
            329,311 330,181 333,177 333,150 331,139""",
        ],
    ),
    "camera.png": (
        3,
        [
            # The man, his camera and its tripod.
            """+ 0,512 0,261 6,250 12,243 17,232 20,225 28,220 33,208 40,197 50,183 56,171 62,160
            70,150 84,136 112,126 130,123 141,112 155,106 161,106 165,98 170,90 178,80 187,72
            197,67 210,67 222,68 233,73 242,80 250,87 260,98 267,106 270,114 270,122 267,131
            258,133 258,139 283,142 309,140 323,140 324,155 318,157 318,168 325,168 330,178
            329,186 330,195 322,206 318,218 313,229 307,232 308,246 300,249 300,258 305,274
            298,282 298,313 303,313 312,330 306,335 298,345 298,488 289,488 289,345 280,330
            278,330 281,315 289,313 289,286 263,302 246,313 230,307 206,294 188,319 164,356
            141,381 148,417 151,469 151,512 141,512 127,478 98,445 89,512""",
            "+ 282,330 290,330 250,478 244,512 232,512 240,480",
            "+ 306,330 314,328 406,512 398,512",
            "+ 308,316 324,305 326,301 337,301 337,307 327,306 312,318",
            """- 253,151 260,152 259,176 266,182 273,188 273,200 277,203 262,206 243,206 240,204
            241,186 245,177 249,171 253,168 254,163""",
            "- 243,209 262,208 276,207 265,213 262,220 260,228 249,246 243,222",
        ],
    ),
}  # fmt: skip
"""For each photo: to how many pixels beside its outline the edge is left to matting, and what is
drawn (+) or taken away (-): the corners of a polygon, x and y."""


def main() -> None:
    for name, (band, shapes) in DRAWN.items():
        photo = np.asarray(Image.open(str(PHOTOS / name)).convert("RGB"))
        save(name, matted(photo, outlined(shapes, photo.shape[:2]), band))
    save("motorcycle_left.png", nearer_than_the_floor())


def outlined(shapes: list[str], shape: tuple[int, ...]) -> Any:
    canvas = np.zeros(shape, np.uint8)
    for text in shapes:
        sign, *corners = text.split()
        polygon = np.array([[int(number) for number in corner.split(",")] for corner in corners])
        cv2.fillPoly(canvas, [polygon.astype(np.int32)], int(sign == "+"))
    return canvas


def matted(photo: Any, mask: Any, band: int) -> Any:
    """The alpha, drawn anew within `band` pixels of the mask's edge."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band + 1, 2 * band + 1))
    trimap = np.full(mask.shape, 0.5)
    trimap[cv2.erode(mask, disc) > 0] = 1
    trimap[cv2.dilate(mask, disc) == 0] = 0
    return estimate_alpha_cf(photo / 255, trimap)


def nearer_than_the_floor() -> Any:
    """The motorcycle: what scikit-image's measured disparities show to stand on the floor."""
    measured = np.load(str(PHOTOS / "motorcycle_disp.npz"))
    disparity = measured[measured.files[0]]
    known = np.isfinite(disparity)
    rows = np.arange(len(disparity))
    lowest = rows > 330
    at_left = np.array([np.median(row[20:60][np.isfinite(row[20:60])]) for row in disparity])
    floor = np.polyval(np.polyfit(rows[lowest], at_left[lowest], 1), rows)
    nearer = known & (disparity > np.maximum(floor + 1.2, 37)[:, None])
    _, labels, stats, _ = cv2.connectedComponentsWithStats(nearer.astype(np.uint8))
    large = stats[:, cv2.CC_STAT_AREA] >= 100
    large[0] = False
    kept = cv2.morphologyEx(large[labels].astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(1 - kept, connectivity=4)
    kept[(stats[:, cv2.CC_STAT_AREA] < 60)[labels]] = 1  # what could not be measured
    return kept


def save(name: str, alpha: Any) -> None:
    levels = np.rint(np.clip(alpha, 0, 1) * 255).astype(np.uint8)
    Image.fromarray(levels).save((HERE / name).with_suffix(".png"), optimize=True)


if __name__ == "__main__":
    main()
