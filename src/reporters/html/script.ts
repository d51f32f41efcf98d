/** The page's script: shows a mark's numbers on hovering and, chart by chart, on the keyboard. Nothing needs it. */

/** Without it each mark has its numbers as a title. It must never hold anything that comes from a result. */
export const script = `(() => {
  const tip = document.createElement('div')
  tip.id = 'tip'
  tip.hidden = true
  tip.setAttribute('role', 'status')
  document.querySelector('main').append(tip)
  const numbers = new Map()
  for (const mark of document.querySelectorAll('.m')) {
    const title = mark.querySelector('title')
    numbers.set(mark, title.textContent)
    title.remove()
  }
  let current = null
  const hide = () => {
    if (current) current.classList.remove('on')
    current = null
    tip.hidden = true
  }
  const show = (mark) => {
    if (mark === current) return
    hide()
    current = mark
    mark.classList.add('on')
    tip.textContent = numbers.get(mark)
    tip.hidden = false
    const box = mark.getBoundingClientRect()
    const room = document.documentElement.clientWidth
    const left = Math.min(Math.max(12, box.left + box.width / 2 - tip.offsetWidth / 2), room - tip.offsetWidth - 12)
    const above = box.top - tip.offsetHeight - 8
    tip.style.left = left + scrollX + 'px'
    tip.style.top = (above > 0 ? above : box.bottom + 8) + scrollY + 'px'
  }
  document.addEventListener('pointerover', (event) => {
    const mark = event.target.closest('.m')
    if (mark) show(mark)
    else if (!document.activeElement.closest('.plot')) hide()
  })
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide()
  })
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }
  for (const plot of document.querySelectorAll('.plot')) {
    const marks = [...plot.querySelectorAll('.m')]
    if (marks.length === 0) continue
    plot.tabIndex = 0
    plot.setAttribute('role', 'group')
    plot.setAttribute('aria-label', plot.querySelector('title').textContent + '. Arrow keys step through the numbers.')
    let at = 0
    plot.addEventListener('focus', () => {
      if (plot.matches(':focus-visible')) show(marks[at])
    })
    plot.addEventListener('blur', hide)
    plot.addEventListener('keydown', (event) => {
      const to =
        event.key === 'Home' ? 0 : event.key === 'End' ? marks.length - 1 : event.key in steps ? at + steps[event.key] : null
      if (to === null) return
      event.preventDefault()
      at = Math.min(Math.max(to, 0), marks.length - 1)
      show(marks[at])
    })
  }
  let folded = []
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('figure details:not([open])')]
    for (const details of folded) details.open = true
  })
  addEventListener('afterprint', () => {
    for (const details of folded) details.open = false
  })
})()
`
