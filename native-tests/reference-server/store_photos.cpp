// SPDX-License-Identifier: MIT
#include <utility>

#include "store.h"
#include "store_rows.h"

namespace sfluv::server {

SubmissionPhoto read_photo(Query& row) {
  SubmissionPhoto photo;
  photo.id = row.text();
  photo.workflow_id = row.text();
  photo.step_id = row.text();
  photo.item_id = row.text();
  photo.submission_id = row.text();
  photo.file_name = row.text();
  photo.content_type = row.text();
  photo.size_bytes = row.number();
  photo.created_at = row.number();
  return photo;
}

void add_photo(Database& database, const SubmissionPhoto& photo, std::int64_t position,
               std::span<const std::uint8_t> bytes) {
  database.query("INSERT INTO photos VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(photo.id)
      .bind(photo.workflow_id)
      .bind(photo.step_id)
      .bind(photo.item_id)
      .bind(photo.submission_id)
      .bind(position)
      .bind(photo.file_name)
      .bind(photo.content_type)
      .bind(photo.size_bytes)
      .bind(photo.created_at)
      .bind_blob(bytes)
      .run();
}

std::optional<PhotoRecord> find_photo(Database& database, std::string_view id) {
  Query row = database.query(
      "SELECT id, workflow_id, step_id, item_id, submission_id, file_name, content_type, "
      "size_bytes, created_at, bytes FROM photos WHERE id = ?");
  row.bind(id);
  if (!row.next()) return std::nullopt;
  SubmissionPhoto photo = read_photo(row);
  return PhotoRecord{.photo = std::move(photo), .bytes = row.blob()};
}

std::vector<PhotoRecord> photos_of_workflow(Database& database, std::string_view workflow_id) {
  std::vector<PhotoRecord> photos;
  Query rows = database.query(
      "SELECT id, workflow_id, step_id, item_id, submission_id, file_name, content_type, "
      "size_bytes, created_at, bytes FROM photos WHERE workflow_id = ? ORDER BY submission_id, "
      "position");
  rows.bind(workflow_id);
  while (rows.next()) {
    SubmissionPhoto photo = read_photo(rows);
    photos.push_back({.photo = std::move(photo), .bytes = rows.blob()});
  }
  return photos;
}

void add_staged_photo(Database& database, const StagedPhoto& staged,
                      std::span<const std::uint8_t> bytes) {
  const SubmissionPhoto& photo = staged.photo;
  const auto upload_id = staged.upload_id.empty() ? std::nullopt : std::optional{staged.upload_id};
  database.query("INSERT INTO staged_photos VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(photo.id)
      .bind(photo.workflow_id)
      .bind(photo.step_id)
      .bind(photo.item_id)
      .bind(staged.improver_id)
      .bind(upload_id)
      .bind(photo.file_name)
      .bind(photo.content_type)
      .bind(photo.size_bytes)
      .bind(photo.created_at)
      .bind_blob(bytes)
      .run();
}

std::vector<SubmissionPhoto> staged_photos_of(Database& database, std::string_view improver_id,
                                              std::string_view step_id) {
  std::vector<SubmissionPhoto> photos;
  Query rows = database.query(
      "SELECT id, workflow_id, step_id, item_id, '', file_name, content_type, size_bytes, "
      "created_at FROM staged_photos WHERE step_id = ? AND improver_id = ?");
  rows.bind(step_id).bind(improver_id);
  while (rows.next()) photos.push_back(read_photo(rows));
  return photos;
}

std::optional<StagedPhoto> find_upload(Database& database, std::string_view upload_id) {
  Query row = database.query(
      "SELECT id, workflow_id, step_id, item_id, '', file_name, content_type, size_bytes, "
      "created_at, improver_id, upload_id FROM staged_photos WHERE upload_id = ?");
  row.bind(upload_id);
  if (!row.next()) return std::nullopt;
  StagedPhoto staged{.photo = read_photo(row), .improver_id = "", .upload_id = ""};
  staged.improver_id = row.text();
  staged.upload_id = row.text();
  return staged;
}

void adopt_staged_photo(Database& database, const SubmissionPhoto& photo, std::int64_t position) {
  database
      .query(
          "INSERT INTO photos SELECT id, workflow_id, step_id, item_id, ?, ?, file_name, "
          "content_type, size_bytes, created_at, bytes FROM staged_photos WHERE id = ?")
      .bind(photo.submission_id)
      .bind(position)
      .bind(photo.id)
      .run();
  database.query("DELETE FROM staged_photos WHERE id = ?").bind(photo.id).run();
}

bool add_chunk(Database& database, std::string_view upload_id, std::string_view place,
               std::int64_t index, std::string_view bytes) {
  {
    Query other = database.query("SELECT place FROM upload_chunks WHERE upload_id = ? LIMIT 1");
    other.bind(upload_id);
    if (other.next() && other.text() != place) return false;
  }
  database.query("INSERT OR IGNORE INTO upload_chunks VALUES (?, ?, ?, ?)")
      .bind(upload_id)
      .bind(index)
      .bind(place)
      .bind_blob({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()})
      .run();
  return true;
}

ChunkSum sum_of_chunks(Database& database, std::string_view upload_id) {
  Query row = database.query(
      "SELECT count(*), total(length(bytes)) FROM upload_chunks WHERE upload_id = ?");
  row.bind(upload_id);
  ChunkSum sum;
  if (!row.next()) return sum;
  sum.count = row.number();
  sum.bytes = row.number();
  return sum;
}

std::string take_chunks(Database& database, std::string_view upload_id) {
  std::string bytes;
  {
    Query rows =
        database.query("SELECT bytes FROM upload_chunks WHERE upload_id = ? ORDER BY chunk_index");
    rows.bind(upload_id);
    while (rows.next()) bytes += rows.blob();
  }
  database.query("DELETE FROM upload_chunks WHERE upload_id = ?").bind(upload_id).run();
  return bytes;
}

}  // namespace sfluv::server
