// SPDX-License-Identifier: MIT
#include "database.h"

#include <stdexcept>

namespace sfluv::server {
namespace {

constexpr int busy_ms_max = 20'000;

[[noreturn]] void fail(sqlite3* handle) {
  throw std::runtime_error(handle == nullptr ? "sqlite: out of memory" : sqlite3_errmsg(handle));
}

}  // namespace

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Query::check(int result) const {
  if (result != SQLITE_OK) fail(sqlite3_db_handle(statement_));
}

Query& Query::bind(std::string_view text) {
  // An empty view may have no address, and SQLite takes that for NULL.
  const char* const data = text.empty() ? "" : text.data();
  check(sqlite3_bind_text64(statement_, ++bound_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Query& Query::bind(std::int64_t number) {
  check(sqlite3_bind_int64(statement_, ++bound_, number));
  return *this;
}

Query& Query::bind(const std::optional<std::string>& text) {
  if (text) return bind(std::string_view{*text});
  check(sqlite3_bind_null(statement_, ++bound_));
  return *this;
}

Query& Query::bind(const std::optional<std::int64_t>& number) {
  if (number) return bind(*number);
  check(sqlite3_bind_null(statement_, ++bound_));
  return *this;
}

Query& Query::bind_blob(std::span<const std::uint8_t> bytes) {
  const void* const data = bytes.empty() ? static_cast<const void*>("") : bytes.data();
  check(sqlite3_bind_blob64(statement_, ++bound_, data, bytes.size(), SQLITE_STATIC));
  return *this;
}

bool Query::next() {
  column_ = 0;
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) fail(sqlite3_db_handle(statement_));
  return false;
}

void Query::run() {
  while (next()) {
  }
  sqlite3_reset(statement_);
  bound_ = 0;
}

std::string Query::text() { return maybe_text().value_or(""); }

std::int64_t Query::number() { return sqlite3_column_int64(statement_, column_++); }

std::optional<std::string> Query::maybe_text() {
  const int column = column_++;
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  const auto* const data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return std::string{data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::int64_t> Query::maybe_number() {
  if (sqlite3_column_type(statement_, column_) == SQLITE_NULL) {
    ++column_;
    return std::nullopt;
  }
  return number();
}

std::string Query::blob() {
  const int column = column_++;
  const auto* const data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return data == nullptr
             ? ""
             : std::string{data,
                           static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Database::Database(const std::string& path) {
  // Every connection is used by one thread at a time, so SQLite's own mutexes are not needed.
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
    const std::string what = handle_ == nullptr ? "sqlite: out of memory" : sqlite3_errmsg(handle_);
    sqlite3_close(handle_);
    throw std::runtime_error(path + ": " + what);
  }
  sqlite3_busy_timeout(handle_, busy_ms_max);
  // FULL: what was answered with 200 is on the disk, also after a power cut.
  run_script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
}

Database::~Database() {
  for (const auto& [address, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

Query Database::query(Sql sql) {
  sqlite3_stmt*& statement = statements_[sql.text()];
  // A statement that is still being stepped is prepared a second time by whoever calls it twice:
  // none of ours does, so meeting one is our own mistake.
  if (statement != nullptr && sqlite3_stmt_busy(statement) != 0)
    throw std::logic_error("statement in use");
  if (statement == nullptr && sqlite3_prepare_v3(handle_, sql.text(), -1, SQLITE_PREPARE_PERSISTENT,
                                                 &statement, nullptr) != SQLITE_OK) {
    fail(handle_);
  }
  return Query{statement};
}

void Database::run_script(Sql sql) {
  if (sqlite3_exec(handle_, sql.text(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(handle_);
}

void Database::copy_to(Database& other) {
  sqlite3_backup* const backup = sqlite3_backup_init(other.handle_, "main", handle_, "main");
  if (backup == nullptr) fail(other.handle_);
  const int result = sqlite3_backup_step(backup, -1);
  if (sqlite3_backup_finish(backup) != SQLITE_OK || result != SQLITE_DONE) fail(other.handle_);
}

Transaction::Transaction(Database& database, Kind kind) : database_(database) {
  if (kind == Kind::write) {
    database_.run("BEGIN IMMEDIATE");
  } else {
    database_.run("BEGIN DEFERRED");
  }
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const std::exception&) {
    // SQLite has rolled back already.
  }
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

DatabasePool::Lease::~Lease() {
  const std::lock_guard lock{pool_->mutex_};
  pool_->free_.push_back(std::move(database_));
}

DatabasePool::Lease DatabasePool::lease() {
  std::unique_ptr<Database> database;
  {
    const std::lock_guard lock{mutex_};
    if (!free_.empty()) {
      database = std::move(free_.back());
      free_.pop_back();
    }
  }
  if (database == nullptr) database = std::make_unique<Database>(path_);
  return {*this, std::move(database)};
}

}  // namespace sfluv::server
