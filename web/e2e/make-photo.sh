#!/bin/bash
# SPDX-License-Identifier: MIT
# The demo's default photo: a real camera picture as a phone would have written it, with EXIF turn 6 and GPS.
#   usage: make-photo.sh [12|48|set]     prints the path of the file, made on first use and kept in the cache
# The pictures come from Debian's packages mate-backgrounds (a Sony RX100M4 at 5640x3172, and others) and, for 48 MP,
# libjxl-testdata; they are downloaded and unpacked but not installed. 12 MP: cropped to 4:3 and scaled. 48 MP: four
# pictures side by side with a little grain; `set` is a folder of 24, halves of twelve pictures. All encoded as phones do: baseline, 4:2:0, q 92.
# Needs: imagemagick libimage-exiftool-perl libjpeg-turbo-progs (`emsdk-setup.sh --host demo` brings them).
set -euo pipefail

megapixels=${1:-12}
cache=${SFLUV_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sfluv-field}/photos
out=$cache/camera-${megapixels}mp-turn6-gps.jpg
[ "$megapixels" != set ] || out=$cache/set-1
[ -s "$out" ] && { echo "$out"; exit 0; }

die() { echo "make-photo: $*" >&2; exit 1; }
for tool in convert cjpeg exiftool dpkg apt-get; do
  command -v "$tool" > /dev/null || die "\"$tool\" is missing; run ./emsdk-setup.sh --host demo, or give a photo: make demo PHOTO=mine.jpg"
done

mkdir -p "$cache"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# apt drops to its own user for downloads and complains when that user cannot write here.
chmod 755 "$work"

unpack() { # package
  (cd "$work" && { apt-get -q download "$1" || { [ "$(id -u)" -eq 0 ] && apt-get -q update && apt-get -q download "$1"; }; }) \
    > "$work/apt.log" 2>&1 ||
    die "apt could not download $1 ($(tail -1 "$work/apt.log")); give a photo: make demo PHOTO=mine.jpg"
  dpkg -x "$work/$1"_*.deb "$work/tree"
}

unpack mate-backgrounds
backgrounds=$work/tree/usr/share/backgrounds/mate
if [ "$megapixels" = set ]; then
  mkdir "$work/set"
  for file in "$backgrounds"/nature/*.jpg; do
    name=$(basename "$file" .jpg)
    for side in West East; do
      convert "$file" -gravity "$side" -crop 50%x100%+0+0 +repage -strip -depth 8 "$work/x.ppm"
      cjpeg -quality 92 -sample 2x2 -outfile "$work/set/$name-$side.jpg" "$work/x.ppm"
    done
  done
  mv "$work/set" "$out"
  echo "$out"
  exit
fi
camera=$backgrounds/abstract/Elephants_5640x3172.jpg
[ -s "$camera" ] || die "this version of mate-backgrounds has no Elephants_5640x3172.jpg"
convert "$camera" -gravity center -crop 4229x3172+0+0 +repage -strip -filter Lanczos -resize '4032x3024!' -depth 8 "$work/12.ppm"
if [ "$megapixels" = 48 ]; then
  unpack libjxl-testdata
  fill=(-resize '4032x3024^' -gravity center -extent 4032x3024)
  convert \( "$work/12.ppm" \( "$work/tree/usr/share/libjxl-testdata/jxl/flower/flower.png" -flatten "${fill[@]}" \) +append \) \
    \( \( "$backgrounds/nature/Storm.jpg" "${fill[@]}" \) \( "$backgrounds/nature/Wood.jpg" -resize '4032x3024!' \) +append \) \
    -append -strip -seed 7 -attenuate 0.08 +noise Gaussian -depth 8 "$work/48.ppm"
fi
cjpeg -quality 92 -sample 2x2 -outfile "$work/photo.jpg" "$work/$megapixels.ppm"
convert "$work/photo.jpg" -resize 160x120 -quality 75 -strip "$work/thumb.jpg"
exiftool -q -overwrite_original -Make=ExamplePhone -Model="EP-12 Pro" -DateTimeOriginal="2025:06:01 12:34:56" \
  -SubSecTimeOriginal=123 -OffsetTimeOriginal=+02:00 -ExposureTime=1/120 -ISO=64 -FNumber=1.8 -FocalLength=6.9 \
  -n -Orientation=6 -GPSLatitude=48.137154 -GPSLatitudeRef=N -GPSLongitude=11.576124 -GPSLongitudeRef=E \
  -GPSAltitude=519 -GPSAltitudeRef=0 "-ThumbnailImage<=$work/thumb.jpg" "$work/photo.jpg"
mv "$work/photo.jpg" "$out.part" && mv "$out.part" "$out"
echo "$out"
