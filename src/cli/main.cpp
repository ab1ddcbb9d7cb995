// One executable: parse, dispatch, the only catch.
#include <cstdio>

int main() {
  std::puts("tripost: nothing here yet");
  return 0;
}
