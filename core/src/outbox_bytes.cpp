// SPDX-License-Identifier: MIT
#include "outbox_bytes.h"

#include "sfluv/digest.h"
#include "sfluv/limits.h"

namespace sfluv::outbox {
namespace {

constexpr std::size_t checksum_at = 12;
constexpr std::size_t envelope_bytes = 16;

std::uint32_t checksum(std::span<const std::uint8_t> bytes) {
  return crc32c(bytes.subspan(envelope_bytes), crc32c(bytes.first(checksum_at)));
}

}  // namespace

std::unexpected<Issue> damaged(std::string_view what) {
  return std::unexpected(
      Issue{.code = Code::record_damaged, .path = "", .params = {{"what", std::string{what}}}});
}

std::vector<std::uint8_t> in_envelope(const Envelope& envelope,
                                      std::span<const std::uint8_t> payload) {
  ByteWriter out;
  out.raw(envelope.magic);
  out.u16(envelope.version_max);
  out.u16(0);
  out.u32(static_cast<std::uint32_t>(payload.size()));
  out.u32(crc32c(payload, crc32c(out.bytes())));
  out.raw(payload);
  return out.take();
}

Outcome<Opened> open_envelope(const Envelope& envelope, std::span<const std::uint8_t> bytes) {
  if (bytes.size() < envelope_bytes || bytes.size() > limits::record_bytes_max)
    return damaged("size");
  ByteReader in{bytes};
  std::array<std::uint8_t, 4> magic{};
  in.raw(magic);
  if (magic != envelope.magic) return damaged("magic");
  const std::uint16_t version = in.u16();
  const std::uint16_t zero = in.u16();
  if (in.u32() != bytes.size() - envelope_bytes) return damaged("size");
  if (in.u32() != checksum(bytes)) return damaged("checksum");
  if (version > envelope.version_max) {
    return std::unexpected(Issue{.code = Code::record_from_newer_version,
                                 .path = "",
                                 .params = {{"version", std::int64_t{version}},
                                            {"version_max", std::int64_t{envelope.version_max}}}});
  }
  if (version == 0 || zero != 0) return damaged("version");
  return Opened{.version = version, .payload = bytes.subspan(envelope_bytes)};
}

}  // namespace sfluv::outbox
