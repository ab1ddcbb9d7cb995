// The memory of key-value caches that decode side by side, in pages of kPageTokens tokens, and an
// index of the pages that finished sequences left.
//
// What a sequence leaves stays until one that runs needs the room, least recently used first. One
// that starts with the same tokens shares the full pages and gets a copy of the page in which the
// two part; no page in the index is written again. A pool is for one set of weights: who changes
// them drops the pool. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <span>
#include <vector>

#include "kernels/decode_attention_cpu.h"

namespace tripost::kernels {

class PagePool {
 public:
  // Takes no memory before it is used. With `retains` false nothing stays.
  PagePool(int64_t num_pages, int64_t page_bytes, bool retains);
  ~PagePool();
  PagePool(const PagePool&) = delete;
  PagePool& operator=(const PagePool&) = delete;

  int64_t num_pages() const { return num_pages_; }
  int64_t page_bytes() const { return page_bytes_; }
  // Those in use and those left.
  int64_t held_pages() const;

  // From here on what is left makes way beyond so many held pages, too. Gives the memory of free
  // pages back to the system.
  void limit(int64_t pages);

  // Zeroed: a masked token weighs 0, which must not meet a NaN that another sequence left. The
  // caller sees to it that no more are in use than there are.
  char* take();
  // Another sequence uses the page, too.
  void share(char* page);

  // The pages of a sequence that is done. They hold `tokens`, for others to begin with; empty:
  // nothing is to be left.
  void leave(std::span<char* const> pages, std::span<const int32_t> tokens);
  // Appends pages with the longest start of `tokens` that was left; how many tokens that is.
  int64_t find(std::span<const int32_t> tokens, std::vector<char*>& pages);
  // How many tokens find() would find.
  int64_t known(std::span<const int32_t> tokens) const;

 private:
  // A page's tokens, -1 where it ends early, after those of another page; 0: a sequence's first.
  struct Key {
    uint64_t previous;
    std::array<int32_t, kPageTokens> tokens;
    auto operator<=>(const Key&) const = default;
  };
  using Index = std::map<Key, int32_t>;
  struct Page {
    int32_t users = 0;
    uint64_t number = 0;  // in the index, never given twice; 0: not in it
    Index::iterator place = {};
    std::list<int32_t>::iterator idle = {};  // in idle_, when it is in the index and has no user
  };
  struct Match {
    int32_t page = -1;
    int64_t tokens = 0;
  };

  static Key key_of(uint64_t previous, std::span<const int32_t> tokens);
  int32_t number_of(const char* page) const {
    return static_cast<int32_t>((page - start_) / page_bytes_);
  }
  char* address_of(int32_t page) const { return start_ + page * page_bytes_; }
  int32_t take_one();
  void use(int32_t page);
  void give_up(int32_t page);
  uint64_t enter(int32_t page, uint64_t previous, std::span<const int32_t> tokens);
  Match closest(uint64_t previous, std::span<const int32_t> tokens) const;
  void evict();
  void give_back_memory();

  const int64_t num_pages_, page_bytes_;
  const bool retains_;
  char* start_ = nullptr;
  mutable std::mutex mutex_;
  int64_t limit_;
  std::vector<Page> pages_;
  std::vector<int32_t> free_;
  Index index_;
  // Least recently used first. A page comes after those that go on from it, because a sequence
  // gives up its last page first.
  std::list<int32_t> idle_;
  uint64_t last_number_ = 0;
};

}  // namespace tripost::kernels
