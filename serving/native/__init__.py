"""Our own API: POST a photo to cutout, matte, blur, replace or compare."""
