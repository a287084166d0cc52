# cpp-httplib, for whoever speaks HTTP: the reference server and the replay over HTTP.

find_path(SFLUV_HTTPLIB_HEADER httplib.h REQUIRED)
find_library(SFLUV_HTTPLIB_LIBRARY cpp-httplib)
find_package(Threads REQUIRED)

add_library(sfluv_httplib INTERFACE)
target_include_directories(sfluv_httplib SYSTEM INTERFACE "${SFLUV_HTTPLIB_HEADER}")
target_link_libraries(sfluv_httplib INTERFACE Threads::Threads)
if(SFLUV_HTTPLIB_LIBRARY)
  # Debian compiles the library with OpenSSL, and that switch changes the layout of httplib's
  # structures: whoever includes the header must say the same. We never use TLS.
  target_compile_definitions(sfluv_httplib INTERFACE CPPHTTPLIB_OPENSSL_SUPPORT)
  target_link_libraries(sfluv_httplib INTERFACE "${SFLUV_HTTPLIB_LIBRARY}")
endif()
