// SPDX-License-Identifier: MIT
#include "photos/memory_meter.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::uint64_t> held{0};
std::atomic<std::uint64_t> peak{0};
constexpr std::size_t front = alignof(std::max_align_t);

void* take(std::size_t bytes) {
  auto* block = static_cast<std::size_t*>(std::malloc(bytes + front));
  if (block == nullptr) std::abort();
  *block = bytes;
  const std::uint64_t now = held += bytes;
  peak = std::max<std::uint64_t>(peak, now);
  return reinterpret_cast<char*>(block) + front;
}

void give(void* memory) {
  if (memory == nullptr) return;
  void* block = static_cast<char*>(memory) - front;
  held -= *static_cast<std::size_t*>(block);
  std::free(block);
}

}  // namespace

void* operator new(std::size_t bytes) { return take(bytes); }
void* operator new[](std::size_t bytes) { return take(bytes); }
// std::stable_sort asks for its buffer this way.
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return take(bytes); }
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept { return take(bytes); }
void operator delete(void* memory) noexcept { give(memory); }
void operator delete[](void* memory) noexcept { give(memory); }
void operator delete(void* memory, std::size_t) noexcept { give(memory); }
void operator delete[](void* memory, std::size_t) noexcept { give(memory); }

namespace sfluv::test {

std::uint64_t bytes_held() { return held; }
std::uint64_t bytes_peak() { return peak; }
void reset_peak() { peak = held.load(); }

}  // namespace sfluv::test
