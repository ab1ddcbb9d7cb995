#include "kernels/decode_attention_pages.h"

#include <sys/mman.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <functional>
#include <iterator>

#include "base/error.h"

namespace tripost::kernels {

// Memory that costs nothing until it is written to, in huge pages where the system gives them.
PagePool::PagePool(int64_t num_pages, int64_t page_bytes, bool retains)
    : num_pages_(num_pages),
      page_bytes_(page_bytes),
      retains_(retains),
      limit_(num_pages),
      pages_(static_cast<std::size_t>(num_pages)) {
  const auto bytes = static_cast<std::size_t>(num_pages * page_bytes);
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    fail("key-value cache: no memory for {} MB; lower the batch or the tokens cached", bytes >> 20);
  }
  madvise(memory, bytes, MADV_HUGEPAGE);
  start_ = static_cast<char*>(memory);
  for (int64_t page = num_pages - 1; page >= 0; --page) free_.push_back(static_cast<int32_t>(page));
}

PagePool::~PagePool() { munmap(start_, static_cast<std::size_t>(num_pages_ * page_bytes_)); }

int64_t PagePool::held_pages() const {
  const std::lock_guard lock(mutex_);
  return num_pages_ - static_cast<int64_t>(free_.size());
}

void PagePool::limit(int64_t pages) {
  const std::lock_guard lock(mutex_);
  limit_ = std::min(pages, num_pages_);
  while (num_pages_ - static_cast<int64_t>(free_.size()) > limit_ && !idle_.empty()) evict();
  give_back_memory();
}

char* PagePool::take() {
  char* page;
  {
    const std::lock_guard lock(mutex_);
    page = address_of(take_one());
  }
  std::memset(page, 0, static_cast<std::size_t>(page_bytes_));
  return page;
}

void PagePool::share(char* page) {
  const std::lock_guard lock(mutex_);
  use(number_of(page));
}

void PagePool::leave(std::span<char* const> pages, std::span<const int32_t> tokens) {
  const std::lock_guard lock(mutex_);
  uint64_t previous = 0;
  for (std::size_t i = 0; retains_ && i < pages.size() && !tokens.empty(); ++i) {
    const auto part = tokens.first(std::min<std::size_t>(kPageTokens, tokens.size()));
    previous = enter(number_of(pages[i]), previous, part);
    tokens = tokens.subspan(part.size());
  }
  for (auto page = pages.rbegin(); page != pages.rend(); ++page) give_up(number_of(*page));
}

int64_t PagePool::find(std::span<const int32_t> tokens, std::vector<char*>& pages) {
  const std::lock_guard lock(mutex_);
  int64_t found = 0;
  uint64_t previous = 0;
  while (!tokens.empty()) {
    const Match match = closest(previous, tokens);
    if (match.tokens == 0) break;
    if (match.tokens < kPageTokens) {
      if (free_.empty() && idle_.empty()) break;
      const int32_t own = take_one();  // the same page when it was its turn to make way
      pages.push_back(address_of(own));
      if (own != match.page)
        std::memcpy(pages.back(), address_of(match.page), static_cast<std::size_t>(page_bytes_));
      return found + match.tokens;
    }
    use(match.page);
    pages.push_back(address_of(match.page));
    previous = pages_[match.page].number;
    found += match.tokens;
    tokens = tokens.subspan(kPageTokens);
  }
  return found;
}

int64_t PagePool::known(std::span<const int32_t> tokens) const {
  const std::lock_guard lock(mutex_);
  int64_t found = 0;
  Match match;
  for (uint64_t previous = 0; !tokens.empty(); previous = pages_[match.page].number) {
    match = closest(previous, tokens);
    found += match.tokens;
    if (match.tokens < kPageTokens) break;
    tokens = tokens.subspan(kPageTokens);
  }
  return found;
}

PagePool::Key PagePool::key_of(uint64_t previous, std::span<const int32_t> tokens) {
  Key key{previous, {}};
  key.tokens.fill(-1);
  std::copy_n(tokens.begin(), std::min<std::size_t>(kPageTokens, tokens.size()),
              key.tokens.begin());
  return key;
}

int32_t PagePool::take_one() {
  const bool is_full = num_pages_ - static_cast<int64_t>(free_.size()) >= limit_;
  if ((free_.empty() || is_full) && !idle_.empty()) evict();
  assert(!free_.empty());
  const int32_t page = free_.back();
  free_.pop_back();
  pages_[page].users = 1;
  return page;
}

void PagePool::use(int32_t page) {
  Page& record = pages_[page];
  if (record.users++ == 0) idle_.erase(record.idle);
}

void PagePool::give_up(int32_t page) {
  Page& record = pages_[page];
  if (--record.users > 0) return;
  if (record.number == 0) {
    free_.push_back(page);
  } else {
    record.idle = idle_.insert(idle_.end(), page);
  }
}

// The number of the page that the index has for these tokens: this one, or one with the same.
uint64_t PagePool::enter(int32_t page, uint64_t previous, std::span<const int32_t> tokens) {
  const auto [place, is_new] = index_.try_emplace(key_of(previous, tokens), page);
  if (is_new) {
    // It may stand there after a page that is gone, where nothing finds it.
    if (pages_[page].number != 0) index_.erase(pages_[page].place);
    pages_[page].place = place;
    pages_[page].number = ++last_number_;
  }
  const Page& entered = pages_[place->second];
  if (entered.users == 0) idle_.splice(idle_.end(), idle_, entered.idle);
  return entered.number;
}

// In the order of keys the one that shares the most lies next to where the tokens would stand.
PagePool::Match PagePool::closest(uint64_t previous, std::span<const int32_t> tokens) const {
  const Key wanted = key_of(previous, tokens);
  Match best;
  const auto consider = [&](const Index::const_iterator place) {
    if (place->first.previous != previous) return;
    const auto& found = place->first.tokens;
    const auto parting = std::mismatch(wanted.tokens.begin(), wanted.tokens.end(), found.begin(),
                                       [](int32_t a, int32_t b) { return a == b && a >= 0; });
    const int64_t common = parting.first - wanted.tokens.begin();
    if (common > best.tokens) best = {place->second, common};
  };
  const auto place = index_.lower_bound(wanted);
  if (place != index_.end()) consider(place);
  if (place != index_.begin()) consider(std::prev(place));
  return best;
}

void PagePool::evict() {
  const int32_t page = idle_.front();
  idle_.pop_front();
  index_.erase(pages_[page].place);
  pages_[page].number = 0;
  free_.push_back(page);
}

void PagePool::give_back_memory() {
  constexpr std::uintptr_t kSystemPage = 4096;
  std::sort(free_.begin(), free_.end(), std::greater<>());
  for (auto first = free_.begin(); first != free_.end();) {
    auto last = std::next(first);
    while (last != free_.end() && *last == *std::prev(last) - 1) ++last;
    // Only whole pages of the system: the rest of one at either end belongs to a neighbour.
    const auto low = reinterpret_cast<std::uintptr_t>(address_of(*std::prev(last)));
    const auto begin = (low + kSystemPage - 1) / kSystemPage * kSystemPage;
    const auto end = (low + (last - first) * page_bytes_) / kSystemPage * kSystemPage;
    if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
    first = last;
  }
}

}  // namespace tripost::kernels
