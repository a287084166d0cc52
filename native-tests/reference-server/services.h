// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>

#include "sfluv/completion.h"

#include "database.h"
#include "faucet.h"
#include "mailbox.h"
#include "settings.h"

namespace sfluv::server {

/// One at a time for each series: two that pay at once would pay twice.
class SeriesLocks {
 public:
  class Hold {
   public:
    Hold(SeriesLocks& locks, std::string series_id);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    SeriesLocks& locks_;
    std::string series_id_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  std::set<std::string> held_;
};

/// What endpoints work with.
struct Services {
  DatabasePool& databases;
  Settings& settings;
  Faucet& faucet;
  Mailbox& mailbox;
  SeriesLocks& paying;
  UploadLimits limits;
};

}  // namespace sfluv::server
