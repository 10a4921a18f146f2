client {
  image = "x"
}
