# Copies stb_image.h with the fix of nothings/stb#1608 applied; stops when the place is not found
# exactly once, so that a newer stb is looked at by a person before it is used.
file(READ "${INPUT}" text)
set(before "if (!stbi__process_marker(j, m)) return 1;")
set(after "if (!stbi__process_marker(j, m)) return 0; /* nothings/stb#1608 */")
string(FIND "${text}" "${before}" first)
string(FIND "${text}" "${before}" last REVERSE)
if(first EQUAL -1 OR NOT first EQUAL last)
  message(FATAL_ERROR "patch_stb_image: expected exactly one \"${before}\" in ${INPUT}")
endif()
string(REPLACE "${before}" "${after}" text "${text}")
file(WRITE "${OUTPUT}" "${text}")
