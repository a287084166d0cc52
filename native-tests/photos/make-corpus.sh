#!/bin/bash
# SPDX-License-Identifier: MIT
# Photos of every kind that a device may hand over, for `make proof-photos`; more than sixty kinds, and more than two
# hundred files that our own lane decodes. Prints the folder, made on first use and kept in the cache.
# A file's name says its kind, then its content. The pictures come from Debian's packages mate-backgrounds and
# libjxl-testdata, which are downloaded and unpacked, not installed. `CANARY` stands in every place for words.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
version=3
cache=${SFLUV_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sfluv-field}/photos
out=$cache/corpus-$version
[ -d "$out" ] && { echo "$out"; exit 0; }

die() { echo "make-corpus: $*" >&2; exit 1; }
for tool in convert cjpeg jpegtran exiftool cwebp dpkg apt-get node; do
  command -v "$tool" > /dev/null || die "\"$tool\" is missing; run ./emsdk-setup.sh --host bench"
done

mkdir -p "$cache"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work" # apt drops to its own user for downloads
(cd "$work" && { apt-get -q download mate-backgrounds libjxl-testdata || { apt-get -q update && apt-get -q download mate-backgrounds libjxl-testdata; }; }) \
  > "$work/apt.log" 2>&1 || die "apt could not download the pictures ($(tail -1 "$work/apt.log"))"
for package in "$work"/*.deb; do dpkg -x "$package" "$work/tree"; done
nature=$work/tree/usr/share/backgrounds/mate/nature
made=$work/made
mkdir "$made"

# Five contents, none of a size that units divide.
content() { convert "$2" -flatten -strip -filter Lanczos -resize "$3^" -gravity center -extent "$3" -depth 8 "$work/$1.ppm"; }
content paint "$work/tree/usr/share/backgrounds/mate/abstract/Elephants_5640x3172.jpg" 651x487
content storm "$nature/Storm.jpg" 530x397
content wood "$nature/Wood.jpg" 333x250
content flower "$work/tree/usr/share/libjxl-testdata/jxl/flower/flower.png" 411x614
convert "$work/paint.ppm" -resize 211x97! -seed 5 -attenuate 2 +noise Gaussian -depth 8 "$work/noise.ppm"
contents=(paint storm wood flower noise)

jpeg() { # kind cjpeg-options...
  local kind=$1 name
  shift
  for name in "${contents[@]}"; do cjpeg "$@" -outfile "$made/$kind-$name.jpg" "$work/$name.ppm"; done
}
for quality in 30 75 92 100; do jpeg "q$quality" -quality "$quality" -sample 2x2; done
for sampling in 1x1 2x1 1x2 4x1 1x4 4x2; do jpeg "sampling$sampling" -quality 90 -sample "$sampling"; done
jpeg restart-row -quality 90 -sample 2x2 -restart 1
for blocks in 1 3 8; do jpeg "restart-$blocks" -quality 90 -sample 2x2 -restart "${blocks}B"; done
jpeg optimised -quality 92 -sample 2x2 -optimize
jpeg optimised444 -quality 97 -sample 1x1 -optimize
jpeg smooth -quality 85 -sample 2x2 -smooth 20
jpeg float -quality 85 -sample 2x2 -dct float
jpeg grey -quality 90 -grayscale
jpeg grey-restart -quality 90 -grayscale -restart 2B
jpeg components-rgb -quality 90 -rgb
jpeg progressive -quality 90 -sample 2x2 -progressive
jpeg progressive444 -quality 90 -sample 1x1 -progressive
jpeg progressive-grey -quality 90 -grayscale -progressive
jpeg arithmetic -quality 90 -arithmetic
for name in "${contents[@]}"; do convert "$work/$name.ppm" -colorspace CMYK -quality 90 "$made/cmyk-$name.jpg"; done

# What cameras and programs write around the picture.
copies() { local kind=$1 name; for name in "${contents[@]}"; do cp "$made/q92-$name.jpg" "$made/$kind-$name.jpg"; done; }
for turn in 1 2 3 4 5 6 7 8; do
  copies "turn$turn"
  exiftool -q -overwrite_original -n -Orientation="$turn" "$made/turn$turn"-*.jpg
done
copies camera
convert "$work/paint.ppm" -resize 160x120 -quality 75 -comment CANARY "$work/thumb.jpg"
exiftool -q -overwrite_original -Make=CANARY -Model="EP-12 Pro CANARY" -DateTimeOriginal="2025:06:01 12:34:56" \
  -OffsetTimeOriginal=+02:00 -UserComment=CANARY -Artist=CANARY -n -Orientation=6 -GPSLatitude=48.137154 -GPSLatitudeRef=N \
  -GPSLongitude=11.576124 -GPSLongitudeRef=E "-ThumbnailImage<=$work/thumb.jpg" "$made"/camera-*.jpg
copies words
exiftool -q -overwrite_original -Comment=CANARY -XMP:Creator=CANARY -XMP:Description=CANARY -IPTC:City=CANARY \
  -Photoshop:CopyrightFlag=true "$made"/words-*.jpg
copies exif-little
exiftool -q -overwrite_original -ExifByteOrder=II -n -Orientation=8 -Make=CANARY "$made"/exif-little-*.jpg
copies display-p3
for file in "$made"/display-p3-*.jpg; do node "$here/../../web/bench/lib/display_p3.mjs" "$file" "$file"; done
copies tail
for file in "$made"/tail-*.jpg; do printf 'CANARY %.0s' {1..500} >> "$file"; done
copies motion
for file in "$made"/motion-*.jpg; do { printf '\0\0\0\030ftypmp42\0\0\0\0mp42isomCANARY'; head -c 30000 /dev/zero; } >> "$file"; done
copies second # a picture behind the picture (MPF)
for file in "$made"/second-*.jpg; do cat "$work/thumb.jpg" >> "$file"; done
copies fill # fill bytes before a marker
for file in "$made"/fill-*.jpg; do { head -c 2 "$file"; printf '\377\377\377'; tail -c +3 "$file"; } > "$work/x" && mv "$work/x" "$file"; done

# Sizes around the edges of units.
for size in 1x1 1x2 2x1 1x17 17x1 3x5 7x8 8x8 9x7 15x17 16x16 17x33; do
  convert "$work/flower.ppm" -resize "$size!" -depth 8 "$work/s.ppm"
  for sampling in 1x1 2x2; do cjpeg -quality 95 -sample "$sampling" -outfile "$made/size$size-$sampling.jpg" "$work/s.ppm"; done
done

# PNG, and what is not ours to decode.
picture=$work/wood.ppm
mask=(-alpha off \( -size 333x250 gradient: \) -compose CopyOpacity -composite)
convert "$picture" "PNG24:$made/png-rgb.png"
convert "$picture" "${mask[@]}" "PNG32:$made/png-alpha.png"
convert "$picture" -colorspace gray -define png:color-type=0 "$made/png-grey.png"
convert "$picture" "${mask[@]}" -colorspace gray -define png:color-type=4 "$made/png-grey-alpha.png"
convert "$picture" -colors 200 "PNG8:$made/png-palette.png"
convert "$picture" -colors 16 -define png:bit-depth=4 -define png:color-type=3 "$made/png-palette4.png"
convert "$picture" -monochrome -define png:bit-depth=1 "$made/png-1bit.png"
convert "$picture" -depth 16 -define png:bit-depth=16 -define png:color-type=2 "$made/png-16bit.png"
convert "$picture" -interlace PNG "PNG24:$made/png-interlaced.png"
convert "$picture" -set comment CANARY "PNG24:$made/png-words.png"
cwebp -quiet -q 85 "$picture" -o "$made/foreign.webp"
convert "$picture" -colors 256 "$made/foreign.gif"
convert "$picture" "BMP3:$made/foreign.bmp"
convert "$picture" "$made/foreign.tiff"

# Broken.
head -c 9000 "$made/q92-paint.jpg" > "$made/broken-cut.jpg"
head -c -1 "$made/q92-paint.jpg" > "$made/broken-last-byte.jpg"
head -c 4096 /dev/zero > "$made/broken-zeros.jpg"
: > "$made/broken-empty.jpg"
printf 'GIF89a' > "$made/broken-short.gif"
head -c 5000 "$made/png-rgb.png" > "$made/broken-cut.png"
{ head -c 9000 "$made/q92-paint.jpg"; head -c 700 /dev/zero; tail -c +9701 "$made/q92-paint.jpg"; } > "$made/broken-middle.jpg"

mv "$made" "$out"
echo "$out"
