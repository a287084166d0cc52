// SPDX-License-Identifier: MIT
// Records as bytes. Version 1 knew completions only, version 2 no staging, version 3 not how photos
// came; they are read for ever and never written.
#include <algorithm>
#include <array>
#include <utility>

#include "sfluv/limits.h"
#include "sfluv/outbox.h"

#include "outbox_bytes.h"
#include "outbox_request.h"

namespace sfluv::outbox {
namespace {

constexpr Envelope envelope{.magic = {'S', 'F', 'L', 'R'}, .version_max = 4};

void write(ByteWriter& out, const Content& content) {
  out.raw(content.id);
  out.u8(static_cast<std::uint8_t>(content.kind));
  out.u32(content.edition);
  out.text(content.series_id);
  out.i64(content.step_order);
  out.text(content.absence_id);
  out.text(content.absent_from);
  out.text(content.absent_until);
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

void read_kind(ByteReader& in, Content& content) {
  content.kind = in.choice<Kind>(static_cast<std::uint8_t>(Kind::absence_delete) + 1);
  content.edition = in.u32();
  content.series_id = in.text();
  content.step_order = in.i64();
  content.absence_id = in.text();
  content.absent_from = in.text();
  content.absent_until = in.text();
}

Content read_content(ByteReader& in, std::uint16_t version) {
  constexpr std::size_t answer_bytes_min = 16, photo_bytes_min = 56, text_bytes_min = 4;
  Content content;
  in.raw(content.id);
  if (version > 1) read_kind(in, content);
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
  for (const auto choice : {record.why, record.fault, record.why_before})
    out.u8(static_cast<std::uint8_t>(choice));
  out.u8(static_cast<std::uint8_t>(record.state));
  out.u8(static_cast<std::uint8_t>(record.state_before));
  out.u8(static_cast<std::uint8_t>(record.pending));
  out.u8(static_cast<std::uint8_t>(record.refusal));
  for (const std::uint32_t count :
       {record.attempts, record.failures, record.open_readings, record.denials})
    out.u32(count);
  out.boolean(record.probed_open);
  out.boolean(record.reading_counts);
  out.boolean(record.imported);
  for (const std::int64_t number : {record.order, record.revision, record.created_ms, record.due_ms,
                                    record.wait_ms, record.quiet_until_ms, record.quiet_ms,
                                    record.tried_ms, record.settled_ms, record.deadline_ms}) {
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

void write_staging(ByteWriter& out, const Record& record) {
  out.boolean(record.content.stages_photos);
  out.u32(static_cast<std::uint32_t>(record.staged.size()));
  for (const std::string& id : record.staged) out.text(id);
  out.u32(record.piece);
}

void write_sources(ByteWriter& out, const Content& content) {
  for (const Photo& photo : content.photos) out.u8(static_cast<std::uint8_t>(photo.source));
}

constexpr auto pending_count = static_cast<std::uint8_t>(Pending::rewrite) + 1;
constexpr auto refusal_count = static_cast<std::uint8_t>(Refusal::denied) + 1;

void read_progress(ByteReader& in, Record& record) {
  for (Why* const why : {&record.why, &record.fault, &record.why_before})
    *why = in.choice<Why>(why_count);
  record.state = in.choice<State>(state_count);
  record.state_before = in.choice<State>(state_count);
  record.pending = in.choice<Pending>(pending_count);
  record.refusal = in.choice<Refusal>(refusal_count);
  for (std::uint32_t* const count :
       {&record.attempts, &record.failures, &record.open_readings, &record.denials})
    *count = in.u32();
  record.probed_open = in.boolean();
  record.reading_counts = in.boolean();
  record.imported = in.boolean();
  for (std::int64_t* const number :
       {&record.order, &record.revision, &record.created_ms, &record.due_ms, &record.wait_ms,
        &record.quiet_until_ms, &record.quiet_ms, &record.tried_ms, &record.settled_ms,
        &record.deadline_ms}) {
    *number = in.time();
  }
}

// A record that waited was called queued, and went in the order of creation.
void read_progress_v1(ByteReader& in, Record& record) {
  record.state = in.choice<State>(state_count);
  record.why = in.choice<Why>(why_count);
  record.fault = in.choice<Why>(why_count);
  record.pending = in.choice<Pending>(pending_count);
  record.refusal = in.choice<Refusal>(refusal_count);
  record.attempts = in.u32();
  record.failures = in.u32();
  record.open_readings = in.u32();
  record.probed_open = in.boolean();
  record.reading_counts = in.boolean();
  for (std::int64_t* const number :
       {&record.revision, &record.created_ms, &record.due_ms, &record.wait_ms,
        &record.quiet_until_ms, &record.quiet_ms, &record.tried_ms, &record.deadline_ms}) {
    *number = in.time();
  }
  if (record.state == State::queued && record.why != Why::none) record.state = State::waiting;
  record.order = record.created_ms;
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
    record.receipt->evidence = in.choice<Evidence>(static_cast<std::uint8_t>(Evidence::state) + 1);
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

// More ids than photos, or a piece behind the last one, would name what is not there.
bool read_staging(ByteReader& in, Record& record) {
  constexpr std::size_t text_bytes_min = 4;
  record.content.stages_photos = in.boolean();
  record.staged.resize(in.count(text_bytes_min));
  for (std::string& id : record.staged) id = in.text();
  record.piece = in.u32();
  if (record.staged.size() > record.content.photos.size()) return false;
  return record.piece == 0 ||
         (has_photo_to_stage(record) &&
          record.piece < pieces_of(record.content.photos[record.staged.size()]));
}

void read_sources(ByteReader& in, Content& content) {
  constexpr auto source_count = static_cast<std::uint8_t>(PhotoSource::files) + 1;
  for (Photo& photo : content.photos) photo.source = in.choice<PhotoSource>(source_count);
}

}  // namespace

std::vector<std::uint8_t> encode(const Record& record) {
  ByteWriter payload;
  write(payload, record.content);
  write_progress(payload, record);
  write_history(payload, record);
  write_staging(payload, record);
  write_sources(payload, record.content);
  return in_envelope(envelope, payload.bytes());
}

Outcome<Record> decode(std::span<const std::uint8_t> bytes) {
  const auto opened = open_envelope(envelope, bytes);
  if (!opened) return std::unexpected(opened.error());
  ByteReader in{opened->payload};
  Record record{.content = read_content(in, opened->version)};
  opened->version > 1 ? read_progress(in, record) : read_progress_v1(in, record);
  read_history(in, record);
  if (opened->version > 2 && !read_staging(in, record)) return damaged("field");
  if (opened->version > 3) read_sources(in, record.content);
  for (const State state : {record.state, record.state_before}) {
    if (state == State::staging && !has_photo_to_stage(record)) return damaged("field");
  }
  if (!in.is_sound() || !in.is_at_end() || record.entries.size() > entries_max)
    return damaged("field");
  return record;
}

}  // namespace sfluv::outbox
