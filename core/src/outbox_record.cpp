// SPDX-License-Identifier: MIT
// Records as bytes. The envelope is the same in every version to come:
//   0 "SFLR"  4 version (2)  6 zero (2)  8 length of the payload (4)  12 CRC-32C (4)  16 payload
// The checksum covers everything but itself, so that a newer version is believed only when whole.
#include <algorithm>
#include <array>
#include <utility>

#include "sfluv/limits.h"
#include "sfluv/outbox.h"

#include "outbox_bytes.h"

namespace sfluv::outbox {
namespace {

constexpr std::array<std::uint8_t, 4> magic{'S', 'F', 'L', 'R'};
constexpr std::uint16_t record_version = 1;
constexpr std::size_t checksum_at = 12;
constexpr std::size_t envelope_bytes = 16;

std::uint32_t checksum(std::span<const std::uint8_t> bytes) {
  return crc32c(bytes.subspan(envelope_bytes), crc32c(bytes.first(checksum_at)));
}

void write(ByteWriter& out, const Content& content) {
  out.raw(content.id);
  out.text(content.account);
  out.text(content.api_base);
  out.text(content.workflow_id);
  out.text(content.step_id);
  out.text(content.workflow_title);
  out.text(content.step_title);
  out.text(content.recurrence);
  out.i64(content.start_at_s);
  out.boolean(content.step_not_possible);
  out.text(content.step_not_possible_details);
  out.u32(static_cast<std::uint32_t>(content.answers.size()));
  for (const Answer& answer : content.answers) {
    out.text(answer.item_id);
    out.u32(static_cast<std::uint32_t>(answer.photo_ids.size()));
    for (const std::string& id : answer.photo_ids) out.text(id);
    out.text(answer.written_response);
    out.text(answer.dropdown_value);
  }
  out.u32(static_cast<std::uint32_t>(content.photos.size()));
  for (const Photo& photo : content.photos) {
    out.text(photo.item_id);
    out.text(photo.key);
    out.text(photo.file_name);
    out.text(photo.content_type);
    out.u64(photo.size_bytes);
    out.raw(photo.sha256);
  }
  out.u64(content.body_bytes);
}

Content read_content(ByteReader& in) {
  constexpr std::size_t answer_bytes_min = 16, photo_bytes_min = 56, text_bytes_min = 4;
  Content content;
  in.raw(content.id);
  content.account = in.text();
  content.api_base = in.text();
  content.workflow_id = in.text();
  content.step_id = in.text();
  content.workflow_title = in.text();
  content.step_title = in.text();
  content.recurrence = in.text();
  content.start_at_s = in.i64();
  content.step_not_possible = in.boolean();
  content.step_not_possible_details = in.text();
  content.answers.resize(in.count(answer_bytes_min));
  for (Answer& answer : content.answers) {
    answer.item_id = in.text();
    answer.photo_ids.resize(in.count(text_bytes_min));
    for (std::string& id : answer.photo_ids) id = in.text();
    answer.written_response = in.text();
    answer.dropdown_value = in.text();
  }
  content.photos.resize(in.count(photo_bytes_min));
  for (Photo& photo : content.photos) {
    photo.item_id = in.text();
    photo.key = in.text();
    photo.file_name = in.text();
    photo.content_type = in.text();
    photo.size_bytes = in.u64();
    in.raw(photo.sha256);
  }
  content.body_bytes = in.u64();
  return content;
}

void write_progress(ByteWriter& out, const Record& record) {
  out.u8(static_cast<std::uint8_t>(record.state));
  out.u8(static_cast<std::uint8_t>(record.why));
  out.u8(static_cast<std::uint8_t>(record.fault));
  out.u8(static_cast<std::uint8_t>(record.pending));
  out.u8(static_cast<std::uint8_t>(record.refusal));
  out.u32(record.attempts);
  out.u32(record.failures);
  out.u32(record.open_readings);
  out.boolean(record.probed_open);
  out.boolean(record.reading_counts);
  for (const std::int64_t number :
       {record.revision, record.created_ms, record.due_ms, record.wait_ms, record.quiet_until_ms,
        record.quiet_ms, record.tried_ms, record.deadline_ms}) {
    out.i64(number);
  }
}

void write_history(ByteWriter& out, const Record& record) {
  out.boolean(record.server.has_value());
  if (record.server) {
    out.u32(static_cast<std::uint32_t>(record.server->status));
    out.text(record.server->text);
  }
  out.boolean(record.receipt.has_value());
  if (record.receipt) {
    out.text(record.receipt->submission_id);
    out.u8(static_cast<std::uint8_t>(record.receipt->evidence));
    out.i64(record.receipt->at_ms);
  }
  out.u32(static_cast<std::uint32_t>(record.entries.size()));
  for (const Entry& entry : record.entries) {
    out.i64(entry.at_ms);
    out.u8(static_cast<std::uint8_t>(entry.state));
    out.u8(static_cast<std::uint8_t>(entry.why));
    out.u32(static_cast<std::uint32_t>(entry.status));
  }
}

constexpr auto state_count = static_cast<std::uint8_t>(State::delivered) + 1;
constexpr auto why_count = static_cast<std::uint8_t>(Why::gone) + 1;

void read_progress(ByteReader& in, Record& record) {
  record.state = in.choice<State>(state_count);
  record.why = in.choice<Why>(why_count);
  record.fault = in.choice<Why>(why_count);
  record.pending = in.choice<Pending>(static_cast<std::uint8_t>(Pending::answer) + 1);
  record.refusal = in.choice<Refusal>(static_cast<std::uint8_t>(Refusal::too_large) + 1);
  record.attempts = in.u32();
  record.failures = in.u32();
  record.open_readings = in.u32();
  record.probed_open = in.boolean();
  record.reading_counts = in.boolean();
  for (std::int64_t* const number :
       {&record.revision, &record.created_ms, &record.due_ms, &record.wait_ms,
        &record.quiet_until_ms, &record.quiet_ms, &record.tried_ms, &record.deadline_ms}) {
    *number = in.i64();
  }
}

void read_history(ByteReader& in, Record& record) {
  constexpr std::size_t entry_bytes = 14;
  if (in.boolean()) {
    record.server.emplace();
    record.server->status = static_cast<std::int32_t>(in.u32());
    record.server->text = in.text();
  }
  if (in.boolean()) {
    record.receipt.emplace();
    record.receipt->submission_id = in.text();
    record.receipt->evidence = in.choice<Evidence>(static_cast<std::uint8_t>(Evidence::blind) + 1);
    record.receipt->at_ms = in.i64();
  }
  record.entries.resize(in.count(entry_bytes));
  for (Entry& entry : record.entries) {
    entry.at_ms = in.i64();
    entry.state = in.choice<State>(state_count);
    entry.why = in.choice<Why>(why_count);
    entry.status = static_cast<std::int32_t>(in.u32());
  }
}

std::unexpected<Issue> damaged(std::string_view what) {
  return std::unexpected(
      Issue{.code = Code::record_damaged, .path = "", .params = {{"what", std::string{what}}}});
}

// Times of a few hundred thousand years: sums of two of them do not overflow.
bool has_sane_times(const Record& record) {
  constexpr std::int64_t far_ms = std::int64_t{1} << 53;
  const auto is_sane = [](std::int64_t ms) { return ms >= 0 && ms <= far_ms; };
  return is_sane(record.created_ms) && is_sane(record.due_ms) && is_sane(record.wait_ms) &&
         is_sane(record.quiet_until_ms) && is_sane(record.quiet_ms) && is_sane(record.tried_ms) &&
         is_sane(record.deadline_ms) && is_sane(record.revision);
}

}  // namespace

std::vector<std::uint8_t> encode(const Record& record) {
  ByteWriter payload;
  write(payload, record.content);
  write_progress(payload, record);
  write_history(payload, record);
  ByteWriter out;
  out.raw(magic);
  out.u16(record_version);
  out.u16(0);
  out.u32(static_cast<std::uint32_t>(payload.bytes().size()));
  out.u32(crc32c(payload.bytes(), crc32c(out.bytes())));
  out.raw(payload.bytes());
  return out.take();
}

Outcome<Record> decode(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < envelope_bytes || bytes.size() > limits::record_bytes_max)
    return damaged("size");
  ByteReader in{bytes};
  std::array<std::uint8_t, 4> found{};
  in.raw(found);
  if (found != magic) return damaged("magic");
  const std::uint16_t version = in.u16();
  const std::uint16_t zero = in.u16();
  if (in.u32() != bytes.size() - envelope_bytes) return damaged("size");
  if (in.u32() != checksum(bytes)) return damaged("checksum");
  if (version > record_version) {
    return std::unexpected(Issue{.code = Code::record_from_newer_version,
                                 .path = "",
                                 .params = {{"version", std::int64_t{version}},
                                            {"version_max", std::int64_t{record_version}}}});
  }
  if (version == 0 || zero != 0) return damaged("version");
  Record record{.content = read_content(in)};
  read_progress(in, record);
  read_history(in, record);
  if (!in.is_sound() || !in.is_at_end()) return damaged("field");
  if (!has_sane_times(record) || record.entries.size() > entries_max) return damaged("field");
  return record;
}

}  // namespace sfluv::outbox
