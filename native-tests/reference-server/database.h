// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <sqlite3.h>
#include <string>
#include <string_view>
#include <vector>

/// SQLite with just what the store needs. Errors are exceptions (std::runtime_error): a request
/// that meets one answers 500.
namespace sfluv::server {

/// The text of a statement. Only a constant of this program can become one: what somebody sent can
/// be bound to a statement, but never be a part of it.
class Sql {
 public:
  consteval Sql(const char* text) : text_(text) {}  // NOLINT: a literal is a statement
  [[nodiscard]] constexpr const char* text() const { return text_; }

 private:
  const char* text_;
};

/// A prepared statement in use: bind in order, step, read columns in order. Gives the statement
/// back to its connection at the end of its scope.
class Query {
 public:
  explicit Query(sqlite3_stmt* statement) : statement_(statement) {}
  ~Query();
  Query(Query&& other) noexcept
      : statement_(other.statement_), bound_(other.bound_), column_(other.column_) {
    other.statement_ = nullptr;
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  Query& operator=(Query&&) = delete;

  /// Texts are not copied: they must outlive the steps.
  Query& bind(std::string_view text);
  Query& bind(const std::string& text) { return bind(std::string_view{text}); }
  Query& bind(const char*) = delete;  // would become a flag
  Query& bind(std::int64_t number);
  Query& bind(bool flag) { return bind(static_cast<std::int64_t>(flag)); }
  Query& bind(const std::optional<std::string>& text);
  Query& bind(const std::optional<std::int64_t>& number);
  Query& bind_blob(std::span<const std::uint8_t> bytes);

  /// True when there is a row.
  [[nodiscard]] bool next();
  /// For statements without rows. The same statement can then be bound again.
  void run();

  [[nodiscard]] std::string text();
  [[nodiscard]] std::int64_t number();
  [[nodiscard]] bool flag() { return number() != 0; }
  [[nodiscard]] std::optional<std::string> maybe_text();
  [[nodiscard]] std::optional<std::int64_t> maybe_number();
  [[nodiscard]] std::string blob();

 private:
  void check(int result) const;

  sqlite3_stmt* statement_;
  int bound_ = 0;
  int column_ = 0;
};

/// One connection; for one thread at a time.
class Database {
 public:
  explicit Database(const std::string& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] Query query(Sql sql);
  void run(Sql sql) { query(sql).run(); }
  /// Several statements at once, for the schema.
  void run_script(Sql sql);
  /// Makes the other one the same, whatever it held.
  void copy_to(Database& other);

 private:
  sqlite3* handle_ = nullptr;
  std::map<const void*, sqlite3_stmt*> statements_;  // by the address of the constant
};

/// `write` takes the write lock at once, so that what is read inside decides; `read` sees one state
/// of the whole. ROLLBACK at the end of the scope unless committed.
class Transaction {
 public:
  enum class Kind : std::uint8_t { read, write };

  Transaction(Database& database, Kind kind);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

/// Connections to one file, lent to one request each.
class DatabasePool {
 public:
  explicit DatabasePool(std::string path) : path_(std::move(path)) {}

  class Lease {
   public:
    Lease(DatabasePool& pool, std::unique_ptr<Database> database)
        : pool_(&pool), database_(std::move(database)) {}
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Database& operator*() { return *database_; }

   private:
    DatabasePool* pool_;
    std::unique_ptr<Database> database_;
  };

  [[nodiscard]] Lease lease();

 private:
  std::string path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Database>> free_;
};

}  // namespace sfluv::server
